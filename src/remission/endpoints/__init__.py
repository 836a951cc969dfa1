"""From the record to what is analysed: conditions, groups, populations, response, endpoints. Rules as data, one SQL text."""
