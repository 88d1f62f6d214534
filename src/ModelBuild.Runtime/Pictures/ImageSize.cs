namespace ModelBuild.Runtime;

/// <summary>Represents the size of an image in pixels.</summary>
/// <param name="Width">The number of columns.</param>
/// <param name="Height">The number of rows.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>Returns the size, such as <c>640x480</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Width}x{Height}");
}
