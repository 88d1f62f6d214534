using System.Globalization;

namespace ModelBuild.Compression.Options;

/// <summary>Integers with names that the user chooses, such as those of a model's dimensions: <c>batch=1, time=128</c>.</summary>
internal sealed class NamedNumbers(IEnumerable<KeyValuePair<string, long>> numbers) : IEquatable<NamedNumbers>
{
    /// <summary>The names and their numbers in the given order.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> All { get; } = [.. numbers];

    /// <summary>Returns whether there is a number for a name.</summary>
    public bool Has(string name) => All.Any(pair => pair.Key == name);

    /// <summary>Returns a copy with a further name and its number.</summary>
    public NamedNumbers With(string name, long number) => new(All.Append(new KeyValuePair<string, long>(name, number)));

    public bool Equals(NamedNumbers? other) => other is not null && All.SequenceEqual(other.All);

    public override bool Equals(object? obj) => Equals(obj as NamedNumbers);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() =>
        string.Join(", ", All.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{QuotedText.Quote(pair.Key)}={pair.Value}")));
}
