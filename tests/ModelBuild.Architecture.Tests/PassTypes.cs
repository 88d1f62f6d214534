using Mono.Cecil;

namespace ModelBuild.Architecture.Tests;

/// <summary>The types of a module that implement one of some interfaces, and these interfaces.</summary>
internal sealed class PassTypes
{
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string?> _bases;

    /// <param name="module">The module.</param>
    /// <param name="interfaces">The full names of the interfaces.</param>
    public PassTypes(ModuleDefinition module, IReadOnlyCollection<string> interfaces)
    {
        _bases = module.Types.ToDictionary(type => type.FullName, type => type.BaseType?.FullName, StringComparer.Ordinal);
        _names = module
            .Types.Where(type => type.Interfaces.Any(one => interfaces.Contains(one.InterfaceType.FullName)))
            .Select(type => type.FullName)
            .Concat(interfaces)
            .ToHashSet(StringComparer.Ordinal);
        _names.UnionWith(module.Types.Where(type => type.BaseType is { } parent && _names.Contains(parent.FullName)).Select(type => type.FullName).ToArray());
    }

    /// <summary>The number of types.</summary>
    public int Count => _names.Count;

    /// <summary>Whether a type is one of these.</summary>
    public bool Contains(string type) => _names.Contains(type);

    /// <summary>Whether a type derives from another one directly.</summary>
    public bool IsSubclass(string type, string parent) => _bases.GetValueOrDefault(type) == parent;
}
