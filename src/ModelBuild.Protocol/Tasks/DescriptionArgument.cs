namespace ModelBuild.Protocol;

/// <summary>One argument of a step: a value, or a name and a value.</summary>
/// <param name="Name">The name in lower case; null for an argument without a name.</param>
/// <param name="Value">The value in lower case.</param>
/// <param name="Position">The position of the argument in the description.</param>
internal sealed record DescriptionArgument(string? Name, string Value, int Position);
