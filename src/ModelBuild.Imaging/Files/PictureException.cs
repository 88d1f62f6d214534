namespace ModelBuild.Imaging;

/// <summary>
/// The exception for a file that is not a picture, is damaged or truncated, or is larger than <see cref="PictureLimits"/> allow, and for a picture that does
/// not fit into a file format.
/// </summary>
public sealed class PictureException : IOException
{
    /// <summary>Initializes an exception.</summary>
    /// <param name="message">The name of the file and what is wrong.</param>
    public PictureException(string message)
        : base(message) { }
}
