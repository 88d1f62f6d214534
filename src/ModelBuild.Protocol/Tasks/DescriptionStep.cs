namespace ModelBuild.Protocol;

/// <summary>Represents one step of a description, such as <c>crop(224)</c> or <c>boxes=output0</c>.</summary>
/// <param name="Name">The name in lower case.</param>
/// <param name="Arguments">The arguments in parentheses; null for a step without parentheses.</param>
/// <param name="Position">The position of the step in the description.</param>
/// <param name="Value">The text after the equals sign; null for a step without one.</param>
internal sealed record DescriptionStep(string Name, IReadOnlyList<DescriptionArgument>? Arguments, int Position, string? Value = null)
{
    /// <summary>Gets the arguments of a step that must have arguments.</summary>
    /// <param name="text">The description.</param>
    /// <param name="example">An example of the step, such as <c>crop(224)</c>.</param>
    /// <exception cref="DescriptionException">The step has no arguments.</exception>
    public IReadOnlyList<DescriptionArgument> Required(string text, string example) =>
        Arguments ?? throw new DescriptionException(text, Position, $"'{Name}' has arguments in parentheses, such as '{example}'.");
}
