namespace ModelBuild.Compression.Diagnostics;

/// <summary>Something a user can mend: the model, its data, its recipe, or its budget. Carries a code of docs/diagnostics.md.</summary>
public sealed class CompressionException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The diagnostic's code, such as <c>MB1009</c>.</param>
    /// <param name="message">What is wrong and what to do, in one sentence or two.</param>
    /// <param name="file">The file it is about, when that is not the model itself.</param>
    /// <param name="inner">The cause.</param>
    public CompressionException(string code, string message, string? file = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        File = file;
    }

    /// <summary>The diagnostic's code, such as <c>MB1009</c>.</summary>
    public string Code { get; }

    /// <summary>The file it is about; null when it is the model.</summary>
    public string? File { get; }
}
