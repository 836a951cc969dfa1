"""From the record to what is analysed: conditions, groups, populations, response, endpoints; rules as data, one SQL."""
