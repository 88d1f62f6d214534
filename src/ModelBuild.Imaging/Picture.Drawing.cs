using ModelBuild.Imaging.Drawing;
using ModelBuild.Runtime;

namespace ModelBuild.Imaging;

/// <content>Contains the method that draws the objects that a model finds.</content>
public sealed partial class Picture
{
    /// <summary>Draws objects on the picture: masks, boxes, key points, and labels with scores.</summary>
    /// <param name="detections">The objects, in pixels of this picture. Those whose box is not finite are left out.</param>
    /// <remarks>
    /// Each class has a color, the same in each picture. The width of lines and the size of the text follow the size of the picture. The text uses a font that
    /// is installed on the machine; without one, no text is drawn. Run the model before drawing, because the drawing changes the pixels that the model reads.
    /// </remarks>
    /// <exception cref="ArgumentException">A mask is not in the format <see cref="PixelFormat.Gray"/>.</exception>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public void Draw(IEnumerable<Detection> detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        using var painter = new DetectionPainter(Pixels, LabelTypeface.Default);
        painter.Draw(detections);
    }
}
