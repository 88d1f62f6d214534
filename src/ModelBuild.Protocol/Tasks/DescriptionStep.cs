namespace ModelBuild.Protocol;

/// <summary>One step of a description, such as <c>crop(224)</c>.</summary>
/// <param name="Name">The name in lower case.</param>
/// <param name="Arguments">The arguments in parentheses; null for a step without parentheses.</param>
/// <param name="Position">The position of the step in the description.</param>
internal sealed record DescriptionStep(string Name, IReadOnlyList<DescriptionArgument>? Arguments, int Position);
