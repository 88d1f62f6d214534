namespace ModelBuild.RealData.Pictures;

/// <summary>A model that takes pictures, and the real ones for it.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Input">How it takes them.</param>
/// <param name="Folder">The pictures' folder in the corpus.</param>
/// <param name="Count">How many parts to cut for each purpose; 0 for the whole pictures.</param>
public sealed record PictureModel(string Name, PictureInput Input, string Folder, int Count)
{
    private const string Photographs = "data/sample_images";
    private const byte Grey = 128;

    private static readonly float[] CaffeMeans = [103.939f, 116.779f, 123.68f];
    private static readonly float[] Ones = [1, 1, 1];
    private static readonly float[] Half = [127.5f, 127.5f, 127.5f];
    private static readonly float[] None = [0, 0, 0];

    /// <summary>ResNet-18.</summary>
    public static PictureModel ResNet18 { get; } = new("resnet18", new("Input247", 224, 224, ChannelOrder.Bgr, CaffeMeans, Ones), Photographs, 100);

    /// <summary>Every model of the corpus that takes pictures.</summary>
    public static IReadOnlyList<PictureModel> Corpus { get; } =
    [
        new("squeezenet_fp32", new("data_0", 224, 224, ChannelOrder.Bgr, CaffeMeans, Ones), Photographs, 100),
        new("mobilenetv1_025", new("input", 224, 224, ChannelOrder.Rgb, Half, Half), Photographs, 100),
        new("ultraface_rfb320", new("input", 320, 240, ChannelOrder.Rgb, [127, 127, 127], [128, 128, 128]), Photographs, 64),
        new("blazeface_front", new("input:0", 128, 128, ChannelOrder.Rgb, Half, Half) { ChannelsLast = true }, Photographs, 100),
        new("super_resolution", new("input", 224, 224, ChannelOrder.Luma, [0], [255]), Photographs, 32),
        new("fns_candy", new("inputImage", 720, 720, ChannelOrder.Rgb, None, Ones), Photographs, 8),
        // Blue, green and red are scaled with the means and deviations that ImageNet has for red, green and blue: the published model was trained so.
        new(
            "ppocrv4_det",
            new("x", 480, 480, ChannelOrder.Bgr, [0.485f * 255, 0.456f * 255, 0.406f * 255], [0.229f * 255, 0.224f * 255, 0.225f * 255]),
            "data/ocr_pages",
            24
        ),
        new("ppocrv2_cls", new("x", 192, 48, ChannelOrder.Bgr, Half, Half), "data/ocr_words_cls", 0),
    ];

    /// <summary>Whether the corpus has the pictures.</summary>
    public bool HasPictures => PictureSet.Calibration(Folder).Count > 0;

    /// <summary>Writes the pictures to fit to, or to judge on.</summary>
    /// <param name="file">The <c>.npz</c> file.</param>
    /// <param name="isTest">Whether they are to judge on.</param>
    public void Save(string file, bool isTest)
    {
        var pictures = isTest ? PictureSet.Test(Folder) : PictureSet.Calibration(Folder);
        using var archive = new NumpyArchive(file);
        archive.Add(
            Input.Name,
            Input.Shape(Count > 0 ? Count : pictures.Count),
            Count > 0 ? PictureSet.Crops(pictures, Input, Count) : PictureSet.Whole(pictures, Input, Grey)
        );
    }
}
