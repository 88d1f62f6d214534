namespace ModelBuild.Imaging;

/// <summary>
/// The exception that is thrown when a file is not a picture, is damaged or truncated, or is larger than <see cref="PictureLimits"/> allow, and when a picture
/// does not fit into a file format.
/// </summary>
public sealed class PictureException : IOException
{
    /// <summary>Initializes a new instance of the <see cref="PictureException"/> class.</summary>
    /// <param name="message">The name of the file and what is wrong.</param>
    public PictureException(string message)
        : base(message) { }
}
