namespace ModelBuild.Protocol;

/// <summary>One field of the request's document.</summary>
/// <param name="Name">The name in JSON.</param>
/// <param name="Affects">What the value decides.</param>
/// <param name="Value">The value: a text, a number, a list of texts, texts by name, or null.</param>
internal sealed record RequestField(string Name, Affects Affects, Func<ModelRequest, object?> Value);
