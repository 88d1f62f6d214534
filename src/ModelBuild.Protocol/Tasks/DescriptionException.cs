namespace ModelBuild.Protocol;

/// <summary>The exception that is thrown when a description has a mistake. The message states the mistake, its position, and what is possible there.</summary>
internal sealed class DescriptionException : FormatException
{
    /// <summary>
    /// Initializes a new instance of the <see cref="DescriptionException"/> class with the text, the zero-based position of the mistake, and sentences that
    /// explain it.
    /// </summary>
    public DescriptionException(string text, int position, string explanation)
        : base($"The description '{text}' has a mistake at character {position + 1}: {explanation}") => Position = position;

    /// <summary>Gets the zero-based position of the mistake.</summary>
    public int Position { get; }
}
