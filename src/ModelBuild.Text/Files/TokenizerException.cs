namespace ModelBuild.Text;

/// <summary>The exception that is thrown when the files of a tokenizer or of a text model are missing, damaged, or of a kind that is not supported.</summary>
public sealed class TokenizerException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="TokenizerException"/> class.</summary>
    /// <param name="file">The path or the name of the file or folder that cannot be used.</param>
    /// <param name="reason">A sentence that states what is wrong with the file.</param>
    /// <param name="innerException">The error that caused this one, or null.</param>
    public TokenizerException(string file, string reason, Exception? innerException = null)
        : base($"'{file}': {reason}", innerException)
    {
        File = file;
        Reason = reason;
    }

    /// <summary>Gets the path or the name of the file or folder that cannot be used.</summary>
    public string File { get; }

    /// <summary>Gets a sentence that states what is wrong with the file.</summary>
    public string Reason { get; }
}
