namespace ModelBuild.Compression.Diagnostics;

/// <summary>
/// A fault that a user can correct in the model, its data, its recipe or its budget. It has a stable code from docs/diagnostics.md.
/// </summary>
internal sealed class CompressionException : Exception
{
    /// <summary>Initializes an exception for a fault that a user can correct.</summary>
    /// <param name="code">The diagnostic code, such as <c>MB1009</c>.</param>
    /// <param name="message">The fault and the remedy in one or two sentences.</param>
    /// <param name="file">The file that has the fault; null for the model.</param>
    /// <param name="inner">The exception that caused this one; null for none.</param>
    public CompressionException(string code, string message, string? file = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        File = file;
    }

    /// <summary>The diagnostic code, such as <c>MB1009</c>.</summary>
    public string Code { get; }

    /// <summary>The file that has the fault; null for the model.</summary>
    public string? File { get; }
}
