namespace ModelBuild.Audio;

/// <summary>The exception for a sound file that cannot be read: it has another format, is damaged or truncated, or is larger than allowed.</summary>
public sealed class SoundException : IOException
{
    /// <summary>Initializes an instance.</summary>
    /// <param name="reason">A sentence that says what is wrong.</param>
    /// <param name="path">The path of the file; null for a stream without a path.</param>
    public SoundException(string reason, string? path = null)
        : base(path is null ? reason : $"'{path}' cannot be read. {reason}") => Path = path;

    /// <summary>Gets the path of the file; null for a stream without a path.</summary>
    public string? Path { get; }
}
