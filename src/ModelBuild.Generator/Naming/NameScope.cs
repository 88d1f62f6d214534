namespace ModelBuild.Generator.Naming;

/// <summary>
/// Makes the names in one scope unique. A reserved name gets a suffix, and a name that is already used gets a number in the order of declaration, so that an
/// added tensor does not rename the tensors before it. Names that the project sets have priority.
/// </summary>
internal sealed class NameScope(IEnumerable<string> reserved, string suffix)
{
    private readonly HashSet<string> _reserved = new(reserved, StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);

    /// <summary>Reserves the names that the project sets, so that no other name in the scope equals one of them.</summary>
    public void Keep(IEnumerable<string> identifiers) => _chosen.UnionWith(identifiers);

    /// <summary>Returns a copy of the scope with the names used so far.</summary>
    public NameScope Fork()
    {
        var fork = new NameScope(_reserved, suffix);
        fork._taken.UnionWith(_taken);
        fork._chosen.UnionWith(_chosen);
        return fork;
    }

    /// <summary>Returns the name that the project sets, or else a unique name for the identifier.</summary>
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
