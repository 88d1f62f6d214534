namespace ModelBuild.Generator.Naming;

/// <summary>
/// Gives each tensor of one place a name of its own. A name that the place needs for itself gets a suffix; a name that is
/// taken gets a number, in the order of declaration, so that an added tensor never renames those before it. Names that the project chose come first.
/// </summary>
internal sealed class NameScope(IEnumerable<string> reserved, string suffix)
{
    private readonly HashSet<string> _reserved = new(reserved, StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);

    /// <summary>Keeps names for those that the project chose them for.</summary>
    public void Keep(IEnumerable<string> identifiers) => _chosen.UnionWith(identifiers);

    /// <summary>A scope with the names taken so far, which goes its own way from here.</summary>
    public NameScope Fork()
    {
        var fork = new NameScope(_reserved, suffix);
        fork._taken.UnionWith(_taken);
        fork._chosen.UnionWith(_chosen);
        return fork;
    }

    /// <summary>A name that the project chose, or else one that follows from the model's.</summary>
    public string Take(string? chosen, string identifier)
    {
        if (chosen is null)
            return Take(identifier);
        _chosen.Remove(chosen);
        return Take(chosen);
    }

    public string Take(string identifier)
    {
        var wanted = _reserved.Contains(identifier) ? identifier + suffix : identifier;
        var name = wanted;
        for (var number = 2; _reserved.Contains(name) || _chosen.Contains(name) || !_taken.Add(name); number++)
            name = wanted + (char.IsDigit(wanted[wanted.Length - 1]) ? "_" : "") + number.ToString(CultureInfo.InvariantCulture);
        return name;
    }
}
