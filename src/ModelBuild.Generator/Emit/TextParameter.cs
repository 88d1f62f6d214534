namespace ModelBuild.Generator.Emit;

/// <summary>Represents a parameter of a generated method that takes texts.</summary>
/// <param name="Type">The C# type.</param>
/// <param name="Name">The name.</param>
/// <param name="Description">The text about the parameter in the doc comment of the method.</param>
internal sealed record TextParameter(string Type, string Name, string Description);
