namespace ModelBuild.RealData.Images;

/// <summary>A model with an image as its input, and the real images for it.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Input">The format of the input.</param>
/// <param name="Folder">The folder of the images in the corpus.</param>
/// <param name="Count">The number of crops for calibration and for tests; 0 for the whole images.</param>
public sealed record ImageModel(string Name, ImageInput Input, string Folder, int Count)
{
    private const string Photographs = "data/sample_images";
    private const byte Grey = 128;

    private static readonly float[] CaffeMeans = [103.939f, 116.779f, 123.68f];
    private static readonly float[] Ones = [1, 1, 1];
    private static readonly float[] Half = [127.5f, 127.5f, 127.5f];
    private static readonly float[] None = [0, 0, 0];

    /// <summary>The pretrained ResNet-18.</summary>
    public static ImageModel ResNet18 { get; } = new("resnet18", new("Input247", 224, 224, ChannelOrder.Bgr, CaffeMeans, Ones), Photographs, 100);

    /// <summary>All models of the corpus with images as inputs.</summary>
    public static IReadOnlyList<ImageModel> Corpus { get; } =
    [
        new("squeezenet_fp32", new("data_0", 224, 224, ChannelOrder.Bgr, CaffeMeans, Ones), Photographs, 100),
        new("mobilenetv1_025", new("input", 224, 224, ChannelOrder.Rgb, Half, Half), Photographs, 100),
        new("ultraface_rfb320", new("input", 320, 240, ChannelOrder.Rgb, [127, 127, 127], [128, 128, 128]), Photographs, 64),
        new("blazeface_front", new("input:0", 128, 128, ChannelOrder.Rgb, Half, Half) { ChannelsLast = true }, Photographs, 100),
        new("super_resolution", new("input", 224, 224, ChannelOrder.Luma, [0], [255]), Photographs, 32),
        new("fns_candy", new("inputImage", 720, 720, ChannelOrder.Rgb, None, Ones), Photographs, 8),
        // Blue, green and red are scaled with the means and deviations that ImageNet has for red, green and blue, because the published model was trained in
        // this way.
        new(
            "ppocrv4_det",
            new("x", 480, 480, ChannelOrder.Bgr, [0.485f * 255, 0.456f * 255, 0.406f * 255], [0.229f * 255, 0.224f * 255, 0.225f * 255]),
            "data/ocr_pages",
            24
        ),
        new("ppocrv2_cls", new("x", 192, 48, ChannelOrder.Bgr, Half, Half), "data/ocr_words_cls", 0),
    ];

    /// <summary>Whether the corpus contains the images.</summary>
    public bool HasImages => ImageSet.Calibration(Folder).Count > 0;

    /// <summary>Writes the images for calibration or for tests.</summary>
    /// <param name="file">The <c>.npz</c> file.</param>
    /// <param name="isTest">Whether the images are for tests.</param>
    public void Save(string file, bool isTest)
    {
        var images = isTest ? ImageSet.Test(Folder) : ImageSet.Calibration(Folder);
        using var archive = new NumpyArchive(file);
        archive.Add(
            Input.Name,
            Input.Shape(Count > 0 ? Count : images.Count),
            Count > 0 ? ImageSet.Crops(images, Input, Count) : ImageSet.Whole(images, Input, Grey)
        );
    }
}
