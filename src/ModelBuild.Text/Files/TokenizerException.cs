namespace ModelBuild.Text;

/// <summary>The exception that is thrown when the files of a tokenizer or of a text model are missing, broken, or of a kind that is not supported.</summary>
public sealed class TokenizerException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file or the folder that is at fault.</param>
    /// <param name="reason">What is wrong with it, as a sentence.</param>
    /// <param name="innerException">The error that caused this one, or null.</param>
    public TokenizerException(string file, string reason, Exception? innerException = null)
        : base($"'{file}': {reason}", innerException)
    {
        File = file;
        Reason = reason;
    }

    /// <summary>The file or the folder that is at fault.</summary>
    public string File { get; }

    /// <summary>What is wrong with the file, as a sentence.</summary>
    public string Reason { get; }
}
