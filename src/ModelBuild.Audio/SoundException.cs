namespace ModelBuild.Audio;

/// <summary>
/// The exception that is thrown when a sound file cannot be read, because it has another format, is damaged or truncated, or is larger than the limits allow.
/// </summary>
public sealed class SoundException : IOException
{
    /// <summary>Initializes a new instance of the <see cref="SoundException"/> class.</summary>
    /// <param name="reason">A sentence that states what is wrong with the file.</param>
    /// <param name="path">The path of the file; null for a stream without a path.</param>
    public SoundException(string reason, string? path = null)
        : base(path is null ? reason : $"'{path}' cannot be read. {reason}") => Path = path;

    /// <summary>Gets the path of the file; null for a stream without a path.</summary>
    public string? Path { get; }
}
