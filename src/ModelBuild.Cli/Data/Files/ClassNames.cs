using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Files;

/// <summary>Converts the labels of data to the indices of classes.</summary>
internal sealed class ClassNames
{
    private readonly Dictionary<string, int> _classes = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<string> _labels;

    /// <summary>Initializes a new instance of the <see cref="ClassNames"/> class.</summary>
    /// <param name="labels">The names of the classes; empty if there are none.</param>
    public ClassNames(IReadOnlyList<string> labels)
    {
        _labels = labels;
        for (var i = 0; i < labels.Count; i++)
            _classes.TryAdd(labels[i], i);
    }

    /// <summary>Returns the index of the class with a name; -1 if there is none.</summary>
    public int Find(string name) => _classes.GetValueOrDefault(name, -1);

    /// <summary>Returns the index of the class that a label in a file names: the class with this name, or the one with this number, counted from 0.</summary>
    /// <param name="label">The label.</param>
    /// <param name="place">The place of the label.</param>
    /// <exception cref="CompressionException">MB1019: there is no such class.</exception>
    public int Of(string label, DataPlace place)
    {
        if (Find(label) is >= 0 and var known)
            return known;
        var isNumber = int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isNumber && (_labels.Count == 0 || number < _labels.Count))
            return number;
        if (_labels.Count == 0)
            throw DataFault.Of(place, $"has the label '{label}', and the names of the classes are not known: set Labels, or write the number of the class.");
        throw DataFault.Of(
            place,
            $"has the label '{label}', which is not one of the {_labels.Count} classes.{(isNumber ? "" : NearestName.Hint(label, _labels))} "
                + $"The classes are {string.Join(", ", _labels.Take(5).Select(name => $"'{name}'"))}{(_labels.Count > 5 ? " and others" : "")}."
        );
    }

    /// <summary>Returns the indices of the classes of rows; null if no row has a label.</summary>
    /// <param name="labels">The label and the place of each row. The label is null if there is none.</param>
    /// <exception cref="CompressionException">MB1019: only some rows have a label, or there is no such class.</exception>
    public int[]? All(IReadOnlyList<(string? Label, DataPlace Place)> labels)
    {
        if (labels.All(row => row.Label is null))
            return null;
        if (labels.FirstOrDefault(row => row.Label is null) is { Place.File: not null } missing)
            throw DataFault.Of(missing.Place, "has no label, and other lines have one. Give each line a label, or none.");
        return [.. labels.Select(row => Of(row.Label!, row.Place))];
    }
}
