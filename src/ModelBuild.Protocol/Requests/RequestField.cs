namespace ModelBuild.Protocol;

/// <summary>One field of the request's document.</summary>
/// <param name="Name">The name in JSON.</param>
/// <param name="Affects">The results that depend on the value.</param>
/// <param name="Value">Returns the value: a text, a number, true or false, a list of texts, texts by name, or null.</param>
internal sealed record RequestField(string Name, Affects Affects, Func<ModelRequest, object?> Value);
