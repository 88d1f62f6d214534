namespace ModelBuild.Protocol;

/// <summary>Represents one argument of a step of a description: a value, or a name and a value.</summary>
/// <param name="Name">The name in lower case; null for an argument without a name.</param>
/// <param name="Value">The value in lower case.</param>
/// <param name="Position">The position of the argument in the description.</param>
internal sealed record DescriptionArgument(string? Name, string Value, int Position)
{
    /// <summary>
    /// Gets whether the value starts as a number does. A word of letters is a name, so that a mistyped name is not reported as an invalid number.
    /// </summary>
    public bool IsNumber => Value.Length > 0 && (char.IsDigit(Value[0]) || Value[0] is '-' or '+' or '.');

    /// <summary>Reads the value as a number such as <c>0.5</c>, <c>5e-1</c> or <c>1/2</c>.</summary>
    /// <param name="text">The description.</param>
    /// <exception cref="DescriptionException">The value is not a finite number.</exception>
    public double Number(string text) => DescriptionNumber.Parse(Value) ?? throw new DescriptionException(text, Position, DescriptionNumber.Explain(Value));

    /// <summary>Reads the value as an integer within limits.</summary>
    /// <param name="text">The description.</param>
    /// <param name="what">The meaning of the number for messages, such as <c>size</c>.</param>
    /// <param name="min">The smallest value.</param>
    /// <param name="max">The largest value.</param>
    /// <exception cref="DescriptionException">The value is not such an integer.</exception>
    public int Integer(string text, string what, int min, int max) =>
        Number(text) is var number && number >= min && number <= max && number == Math.Floor(number)
            ? (int)number
            : throw new DescriptionException(text, Position, $"The {what} '{Value}' is not an integer from {min} to {max}.");
}
