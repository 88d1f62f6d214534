using System.Globalization;
using ModelBuild.Runtime.Maps;

namespace ModelBuild.Runtime;

/// <summary>Represents the class of each pixel of an image, which is the result of a segmentation.</summary>
/// <remarks>
/// The map has the size of the original image. A pixel that a crop of the preparation removed has no class, because it is not in the input of the model; its
/// value is <see cref="NoClass"/>.
/// </remarks>
public sealed class ClassMap
{
    /// <summary>The value of a pixel without a class.</summary>
    public const int NoClass = ushort.MaxValue;

    private readonly ReadOnlyMemory<ushort> _classes;
    private ClassArea[]? _areas;

    /// <summary>Initializes a new instance of the <see cref="ClassMap"/> class.</summary>
    /// <param name="classes">The index of each pixel's class, or <see cref="NoClass"/>: rows from top to bottom, and pixels from left to right.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="labels">The names of the classes; empty if there are none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="classes"/> does not have one element for each pixel.</exception>
    public ClassMap(ReadOnlyMemory<ushort> classes, int width, int height, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        MapSize.Require(classes.Length, width, height, nameof(classes));
        (_classes, Width, Height, Labels) = (classes, width, height, labels);
    }

    /// <summary>Gets the number of columns, which is that of the original image.</summary>
    public int Width { get; }

    /// <summary>Gets the number of rows, which is that of the original image.</summary>
    public int Height { get; }

    /// <summary>Gets the names of the classes; empty if the model has none.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Gets the zero-based index of each pixel's class, or <see cref="NoClass"/>: rows from top to bottom, and pixels from left to right.</summary>
    public ReadOnlySpan<ushort> Classes => _classes.Span;

    /// <summary>Gets the classes that the image contains, those with the most pixels first.</summary>
    public IReadOnlyList<ClassArea> Areas => _areas ??= CountAreas();

    /// <summary>Gets the class of a pixel.</summary>
    /// <param name="x">The zero-based column.</param>
    /// <param name="y">The zero-based row.</param>
    /// <returns>The zero-based index of the class, or <see cref="NoClass"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The pixel is outside of the image.</exception>
    public int this[int x, int y] => Classes[MapSize.Place(x, y, Width, Height)];

    /// <summary>Gets the part of the image that has a class.</summary>
    /// <param name="index">The zero-based index of the class.</param>
    /// <returns>The pixels of the class divided by all pixels of the image, from 0 to 1; 0 for a class that is not in the image.</returns>
    public float Share(int index) => Areas.FirstOrDefault(area => area.Class == index).Share;

    /// <summary>Gets the name of a class.</summary>
    /// <param name="index">The zero-based index of the class.</param>
    /// <returns>The name; the index as text if there is no label for it.</returns>
    public string Label(int index) => index >= 0 && index < Labels.Count ? Labels[index] : index.ToString(CultureInfo.InvariantCulture);

    /// <summary>Creates an image in which each class has a colour of its own.</summary>
    /// <returns>
    /// An image in the format <see cref="PixelFormat.Rgb"/> with the colours of PASCAL VOC: the class 0 is black, and a pixel without a class is (224, 224,
    /// 192).
    /// </returns>
    public ImageView ToImage()
    {
        var pixels = new byte[checked(Width * Height * 3)];
        var colors = new Dictionary<ushort, (byte Red, byte Green, byte Blue)> { [NoClass] = (224, 224, 192) };
        var place = 0;
        foreach (var index in Classes)
        {
            if (!colors.TryGetValue(index, out var color))
                colors.Add(index, color = ClassColors.Of(index));
            (pixels[place], pixels[place + 1], pixels[place + 2]) = color;
            place += 3;
        }

        return new ImageView(pixels, Width, Height, PixelFormat.Rgb);
    }

    /// <summary>Creates an image that shows the pixels of a class.</summary>
    /// <param name="index">The zero-based index of the class.</param>
    /// <returns>An image in the format <see cref="PixelFormat.Gray"/>: 255 for a pixel of the class, 0 for another one.</returns>
    public ImageView ToMask(int index)
    {
        var pixels = new byte[_classes.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = Classes[i] == index ? byte.MaxValue : (byte)0;
        return new ImageView(pixels, Width, Height, PixelFormat.Gray);
    }

    /// <summary>Returns the size and the classes, such as <c>640x480: road 43 %, sky 20 %</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height}: {string.Join(", ", Areas)}");

    private ClassArea[] CountAreas()
    {
        var counts = new int[NoClass + 1];
        foreach (var index in Classes)
            counts[index]++;
        return
        [
            .. Enumerable
                .Range(0, NoClass)
                .Where(index => counts[index] > 0)
                .OrderByDescending(index => counts[index])
                .Select(index => new ClassArea(index, Label(index), counts[index], (float)counts[index] / Classes.Length)),
        ];
    }
}
