namespace ModelBuild.Generator.Emit;

/// <summary>Represents a parameter of a generated method, with its documentation in XML.</summary>
internal sealed record Parameter(string Type, string Name, string Doc, string Default = "")
{
    public string Declaration => $"{Type} {Name}{Default}";
}
