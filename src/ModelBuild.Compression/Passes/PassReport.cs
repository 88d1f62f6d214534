namespace ModelBuild.Compression.Passes;

/// <summary>What one pass did: counts of what it changed, and what it left alone with the reason.</summary>
public sealed class PassReport
{
    private readonly SortedDictionary<string, int> _changes = new(StringComparer.Ordinal);
    private readonly List<LeftAlone> _leftAlone = [];

    /// <summary>How often each kind of change was made, such as "constants folded".</summary>
    public IReadOnlyDictionary<string, int> Changes => _changes;

    /// <summary>What could have been changed and was not, and why.</summary>
    public IReadOnlyList<LeftAlone> LeftAlone => _leftAlone;

    internal void Changed(string kind, int count = 1)
    {
        if (count != 0)
            _changes[kind] = _changes.GetValueOrDefault(kind) + count;
    }

    internal void Leave(string what, string why) => _leftAlone.Add(new LeftAlone(what, why));
}
