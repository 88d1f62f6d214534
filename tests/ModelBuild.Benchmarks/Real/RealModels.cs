using ModelBuild.Benchmarks.Models;
using ModelBuild.RealData;
using ModelBuild.RealData.Images;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Benchmarks.Real;

/// <summary>The models that are measured on real inputs.</summary>
internal static class RealModels
{
    private const string Photographs = "data/sample_images";

    private static readonly string[] Classifiers = ["squeezenet_fp32", "mobilenetv1_025"];

    /// <summary>All models.</summary>
    public static IReadOnlyList<RealModel> All { get; } =
    [
        new("minilm", _ => WithCorpus(PretrainedModels.MiniLm), Copy("minilm", "sentences")),
        new("resnet18", _ => WithCorpus(PretrainedModels.ResNet18), (path, _, isTest) => ImageModel.ResNet18.Save(path, isTest)),
        .. ImageModel.Corpus.Select(model => new RealModel(
            model.Name,
            _ => InCorpus($"models/{model.Name}.onnx"),
            (path, _, isTest) => model.Save(path, isTest)
        )
        {
            LabelsItself = Classifiers.Contains(model.Name),
        }),
        new("mnist-8", _ => InCorpus("models/mnist-8.onnx"), MnistDigits("Input3", [1, 28, 28], pixels => [.. pixels.Select(pixel => (float)pixel)])),
        new(
            "pytorch_cnn_mnist",
            _ => InCorpus("models/pytorch_cnn_mnist.onnx"),
            MnistDigits("input_image", [1, 28, 28], pixels => [.. pixels.Select(pixel => (pixel / 255f - 0.1307f) / 0.3081f)])
        ),
        new(
            "skl_lr_mnist",
            _ => InCorpus("models/skl_lr_mnist.onnx"),
            MnistDigits("float_input", [784], pixels => [.. pixels.Reverse().Select(pixel => (float)pixel)])
        ),
        new("silero_vad", _ => InCorpus("models/silero_vad.onnx"), SileroData.Save),
        new("silero_vad_op18_ifless", _ => InCorpus("models/silero_vad_op18_ifless.onnx"), SileroData.Save),
        new("magika_v3_3", _ => InCorpus("models/magika_v3_3.onnx"), (path, _, isTest) => FileBytes.Save(path, isTest, "bytes")),
        new("litenet-conv", _ => InCorpus("litenet/litenet-conv.onnx"), Copy("litenet", "mnist")),
        new("litenet-fc", _ => InCorpus("litenet/litenet-fc.onnx"), Copy("litenet", "mnist")),
        new("fashion-mobilenet", _ => InCorpus("litenet/fashion-mobilenet.onnx"), Copy("litenet", "fashion")),
        new("fashion-resnet", _ => InCorpus("litenet/fashion-resnet.onnx"), Copy("litenet", "fashion")),
        Generated(
            "cnn11616",
            new ImageInput("image", CnnShaped.Size, CnnShaped.Size, ChannelOrder.Rgb, [127.5f, 127.5f, 127.5f], [63.75f, 63.75f, 63.75f]),
            100,
            labelsItself: true
        ),
        Generated("resnet8", new ImageInput("image", 32, 32, ChannelOrder.Rgb, [127.5f, 127.5f, 127.5f], [63.75f, 63.75f, 63.75f]), 100, labelsItself: true),
        Generated("recognizer", new ImageInput("x", 320, 48, ChannelOrder.Bgr, [127.5f, 127.5f, 127.5f], [127.5f, 127.5f, 127.5f]), 100, labelsItself: false),
        Generated(
            "detector",
            new ImageInput("images", DetectorShaped.Size, DetectorShaped.Size, ChannelOrder.Bgr, [0, 0, 0], [255, 255, 255]),
            20,
            labelsItself: false
        ),
    ];

    private static RealModel Generated(string name, ImageInput input, int count, bool labelsItself)
    {
        var images = new ImageModel(name, input, name == "recognizer" ? "data/ocr_pages" : Photographs, count);
        return new RealModel(
            name,
            folder => images.HasImages ? GeneratedModel.Small.First(model => model.Name == name).Save(folder) : null,
            (path, _, isTest) => images.Save(path, isTest)
        )
        {
            LabelsItself = labelsItself,
        };
    }

    private static SaveData Copy(string folder, string name) =>
        (path, _, isTest) => File.Copy(Path.Combine(Corpus.Root, folder, $"{name}-{(isTest ? "test" : "calibration")}.npz"), path, overwrite: true);

    private static SaveData MnistDigits(string input, long[] shape, Func<byte[], float[]> prepare) =>
        (path, _, isTest) => Digits.Save(path, isTest, input, shape, prepare);

    // The packages contain no data, so the models need the corpus.
    private static string? WithCorpus(string? file) => Directory.Exists(Corpus.Root) ? file : null;

    private static string? InCorpus(string name) => Path.Combine(Corpus.Root, name) is var path && File.Exists(path) ? path : null;
}
