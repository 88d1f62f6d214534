using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Preprocessing;

/// <summary>Tests that the nodes of a graph prepare pictures as the runtime does.</summary>
public sealed class GraphPreparationTests
{
    private static readonly string[] _filters = ["bilinear", "bicubic", "bilinear, antialias=false", "bicubic, antialias=false", "nearest", "nearest-exact"];

    private static readonly string[] _geometries =
    [
        "resize(48,40, F)",
        "resize(64, F) crop(56)",
        "resize(40, F) crop(56,60)",
        "fit(60,44, F)",
        "letterbox(64, F)",
        "letterbox(50,70, F, pad=3.5)",
    ];

    // The pictures become smaller, larger, or both, and the halves of some sides are rounded.
    private static readonly (int Width, int Height)[] _sizes = [(1, 1), (5, 3), (31, 47), (64, 48), (97, 33), (256, 256), (333, 500), (500, 333), (1003, 211)];

    public static TheoryData<string, string> Geometries()
    {
        var data = new TheoryData<string, string>();
        foreach (var filter in _filters)
        foreach (var geometry in _geometries)
            data.Add(geometry.Replace("F", filter, StringComparison.Ordinal), filter);
        return data;
    }

    public static MatrixTheoryData<string, string, string, bool> Tensors() =>
        new(["rgb", "bgr", "gray"], ["", "scale(1/255)", "mean(103.939) std(57)", "scale(1/127.5) mean(1)"], ["float32", "float16", "uint8"], [true, false]);

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Geometries))]
    public void Values_are_those_of_the_runtime_or_the_next_byte(string geometry, string filter)
    {
        var description = $"rgb {geometry}";
        var input = PreparedPictures.Input(description, "float32", 1, 3, null, null);
        var (different, all) = (0, 0);
        foreach (var (width, height) in _sizes)
        {
            var pixels = PreparedPictures.Pixels(width, height);
            var expected = PreparedPictures.InRuntime(input, description, pixels, width, height);
            var prepared = PreparedPictures.InGraph(input, pixels, width, height).Numbers;
            Assert.Equal(expected.Length, prepared.Length);
            Assert.InRange(expected.Zip(prepared, (one, other) => Math.Abs(one - other)).Max(), 0, Roundings(filter));
            different += expected.Zip(prepared).Count(pair => pair.First != pair.Second);
            all += expected.Length;
        }

        Assert.InRange(different, 0, all / 50);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Tensors))]
    public void Channels_values_types_and_layouts_are_those_of_the_runtime(string order, string values, string type, bool isChannelsFirst)
    {
        var description = $"{order} letterbox(40,32, nearest) {values}".TrimEnd();
        var channels = order == "gray" ? 1 : 3;
        var input = PreparedPictures.Input(description, type, isChannelsFirst ? [1, channels, 32, 40] : [1, 32, 40, channels]);
        var pixels = PreparedPictures.Pixels(57, 91);

        var expected = PreparedPictures.InRuntime(input, description, pixels, 57, 91);
        var prepared = PreparedPictures.InGraph(input, pixels, 57, 91);

        Assert.Equal(isChannelsFirst ? [1, channels, 32, 40] : [1, 32, 40, channels], prepared.Shape);
        Assert.Equal(expected.Length, prepared.Numbers.Length);
        // float16 has 11 significant bits.
        Assert.All(
            expected.Zip(prepared.Numbers),
            pair => Assert.Equal(pair.First, pair.Second, Math.Abs(pair.First) * (type == "float16" ? 1e-3 : 1e-6) + 1e-6)
        );
    }

    [Theory]
    [InlineData("bgr scale(2)", "bgr resize(20,10) scale(2)", 10, 20)]
    [InlineData("mean(1)", "resize(20,10) mean(1)", 10, 20)]
    [InlineData("", "resize(20,10)", 10, 20)]
    [InlineData("rgb crop(20,10)", "rgb crop(20,10)", 10, 20)]
    [InlineData("rgb", "rgb", null, null)]
    public void A_description_without_geometry_names_the_size_of_the_model(string description, string text, int? height, int? width)
    {
        var input = PreparedPictures.Input(description, "float32", 1, 3, height, width);
        var pixels = PreparedPictures.Pixels(33, 17);

        Assert.Equal(text, input.Text);
        var expected = PreparedPictures.InRuntime(input, description, pixels, 33, 17);
        Assert.All(expected.Zip(PreparedPictures.InGraph(input, pixels, 33, 17).Numbers), pair => Assert.Equal(pair.First, pair.Second, 2.001));
    }

    [Fact]
    public void A_call_has_several_pictures()
    {
        const string Description = "rgb resize(8,6) scale(1/255)";
        var input = PreparedPictures.Input(Description, "float32", null, 3, 6, 8);
        var (one, two) = (PreparedPictures.Pixels(20, 10), PreparedPictures.Pixels(10, 20));
        using var runner = new ModelRunner(Sessions.OpenPortable(GraphPreparation.Alone(input)));
        var inputs = new Dictionary<string, SampleArray> { ["image"] = new(DataType.Uint8, [2, 10, 20, 3], [.. one, .. two]) };

        var prepared = Assert.Single(runner.Run(new Sample(inputs, null), TestContext.Current.CancellationToken));

        Assert.Equal([2, 3, 6, 8], prepared.Shape);
        var expected = PreparedPictures.InRuntime(input, Description, one, 20, 10).Concat(PreparedPictures.InRuntime(input, Description, two, 20, 10));
        Assert.All(expected.Zip(prepared.Numbers), pair => Assert.Equal(pair.First, pair.Second, 1.01 / 255));
    }

    [Theory]
    [InlineData(11, 21)]
    [InlineData(17, 21)]
    [InlineData(18, 18)]
    public void A_model_takes_pictures_with_the_signature_that_was_announced(long before, long after)
    {
        var model = Doubled(before);
        model.SetMetadata("Image.NominalPixelRange", "NominalRange_0_255");
        var signature = SignatureReader.Read(model);
        var input = PictureInput.Find(signature, new ValueDescription("Image", "rgb letterbox(8) scale(1/255)", null));
        var pixels = PreparedPictures.Pixels(20, 10);

        GraphPreparation.Apply(model, input);

        Assert.Equal(after, model.Opset());
        Assert.Equal(input.Change(signature).Hash(), SignatureReader.Read(model).Hash());
        Assert.Equal("x tensor uint8 n,picture_height,picture_width,3", Assert.Single(SignatureReader.Read(model).Inputs).ToString());
        Assert.Null(model.GetMetadata("Image.NominalPixelRange"));
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        var inputs = new Dictionary<string, SampleArray> { ["x"] = new(DataType.Uint8, [1, 10, 20, 3], pixels) };
        var outputs = Assert.Single(runner.Run(new Sample(inputs, null), TestContext.Current.CancellationToken));
        var expected = PreparedPictures.InRuntime(input, input.Text, pixels, 20, 10);
        Assert.All(expected.Zip(outputs.Numbers), pair => Assert.Equal(2 * pair.First, pair.Second, 2.01 / 255));
    }

    [Fact]
    public void Descriptions_of_other_values_stay_and_that_of_the_image_moves()
    {
        var input = PreparedPictures.Input("bgr resize(8,8)", "float32", 1, 8, 8, 3);

        Assert.Equal(
            [
                new ValueDescription("Image", "rgb", null),
                new ValueDescription("Preprocess", "bgr resize(8,8)", null) { IsChannelsFirst = false },
                new ValueDescription("Boxes", "yolo", null),
            ],
            input.Change([new ValueDescription("Image", "bgr resize(8,8)", null), new ValueDescription("Boxes", "yolo", null)])
        );
    }

    [Theory]
    [InlineData(null, "x: float32[1, 3, 8, 8]", "there is no description of the image that the model takes. Set Image")]
    [InlineData("rgb", "x: float32[1, 3, 8, 8]; y: float32[1]", "the model has 2 inputs")]
    [InlineData("rgb", "x: float32[1, 3, 8]", "an image needs an input of float32, float16 or uint8 with four dimensions")]
    [InlineData("rgb", "x: int32[1, 3, 8, 8]", "an image needs an input of float32, float16 or uint8 with four dimensions")]
    [InlineData("rgb resize(9,9)", "x: float32[1, 3, 8, 8]", "'resize' gives 9x9 pixels")]
    [InlineData("rgb rezise(8)", "x: float32[1, 3, 8, 8]", "'rezise' is not a step")]
    [InlineData("rgb", "x: float32[1, 3, 8, w]", "the model declares only one side")]
    public void MB1047_a_description_that_cannot_be_used(string? description, string inputs, string reason)
    {
        var model = new TinyModel().Input(inputs.Split("; ")).Output("z: float32[1]").Node("Identity(x) -> z");
        var signature = SignatureReader.Read(OnnxModel.Load(model.ToBytes()));

        var failure = Assert.Throws<CompressionException>(() =>
            PictureInput.Find(signature, description is null ? null : new ValueDescription("Image", description, null))
        );

        Assert.Equal("MB1047", failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rgb resize(8,8)", true)]
    [InlineData("rgb resize(8,8, nearest)", false)]
    public void MB1047_an_operator_that_a_newer_opset_changes(string description, bool fails)
    {
        var model = Doubled(15);
        model.Proto.Graph.Node[0].OpType = "Bernoulli";
        var input = PictureInput.Find(SignatureReader.Read(model), new ValueDescription("Image", description, null));

        var failure = Record.Exception(() => GraphPreparation.Check(model, input));

        if (!fails)
        {
            Assert.Null(failure);
            return;
        }

        Assert.Equal("MB1047", Assert.IsType<CompressionException>(failure).Code);
        Assert.Contains("it needs opset 18, and the model's opset is 15", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("or use a filter with antialias=false.", failure.Message, StringComparison.Ordinal);
    }

    // A filter with antialiasing rounds after the columns and after the rows. A filter that interpolates rounds once at the end.
    private static int Roundings(string filter) =>
        filter.StartsWith("nearest", StringComparison.Ordinal) ? 0
        : filter.EndsWith("antialias=false", StringComparison.Ordinal) ? 1
        : 2;

    private static OnnxModel Doubled(long opset)
    {
        var model = OnnxModel.Load(new TinyModel().Input("x: float32[n, 3, 8, 8]").Output("y: float32[n, 3, 8, 8]").Node("Add(x, x) -> y").ToBytes());
        model.Proto.OpsetImport.First(import => import.Domain.Length == 0).Version = opset;
        return model;
    }
}
