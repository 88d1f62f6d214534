namespace ModelBuild.Protocol;

/// <summary>Describes one field of the document of a request.</summary>
/// <param name="Name">The name in JSON.</param>
/// <param name="Affects">The results that depend on the value.</param>
/// <param name="Value">Returns the value of the field: a string, a number, a boolean, a list of strings, strings by name, or null.</param>
internal sealed record RequestField(string Name, Affects Affects, Func<ModelRequest, object?> Value);
