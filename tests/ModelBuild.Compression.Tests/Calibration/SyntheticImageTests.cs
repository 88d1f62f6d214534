using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class SyntheticImageTests
{
    public static TheoryData<string, bool, double, double> Ranges()
    {
        var ranges = new TheoryData<string, bool, double, double>();
        foreach (var channelsLast in new[] { false, true })
        {
            foreach (var bytes in new[] { "Div 255", "Mul 1/255", "Sub means", "Add means", "Cast and Div 255", "NominalRange_0_255", "Bgr8" })
                ranges.Add(bytes, channelsLast, 0, 255);
            ranges.Add("Normalized_0_1", channelsLast, 0, 1);
            ranges.Add("Normalized_1_1", channelsLast, -1, 1);
            foreach (var unknown in new[] { "nothing", "Div 0.229", "Sub 0.485" })
                ranges.Add(unknown, channelsLast, -1, 1);
        }

        return ranges;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Ranges))]
    public void Pixels_have_the_range_that_the_model_takes(string kind, bool channelsLast, double black, double white)
    {
        var model = Model(kind, channelsLast ? [1, 48, 64, 3] : [1, 3, 48, 64]);

        foreach (var sample in Make(model))
        {
            var values = sample.Inputs["x"].Floats.ToArray();
            Assert.All(values, value => Assert.InRange(value, black, white));
            Assert.True(values.Max() - values.Min() > 0.5 * (white - black));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Neighbours_are_alike_as_in_photographs(bool channelsLast)
    {
        var values = Make(Model("nothing", channelsLast ? [1, 64, 64, 3] : [1, 3, 64, 64]))[0].Inputs["x"].Floats.ToArray();
        var step = channelsLast ? 3 : 1;
        var (mean, pairs) = (values.Average(), values.Zip(values.Skip(step)).ToArray());

        // Neighbouring pixels are correlated. Neighbouring values of white noise are not.
        Assert.InRange(pairs.Average(pair => (pair.First - mean) * (pair.Second - mean)) / values.Average(value => (value - mean) * (value - mean)), 0.7, 1);
    }

    [Theory]
    [InlineData(new long[] { 1, 8, 32, 32 })]
    [InlineData(new long[] { 1, 3, 8, 8 })]
    [InlineData(new long[] { 3, 32, 32 })]
    public void Other_shapes_are_not_taken_for_images(long[] shape) =>
        Assert.Contains(Make(Model("Div 255", shape))[0].Inputs["x"].Floats.ToArray(), value => value < 0);

    [Fact]
    public void Bytes_are_images_of_all_brightnesses()
    {
        var values = Make(new Net().Input("x", DataType.Uint8, 1, 64, 64, 3).Node("Cast", "x", "y", ("to", (long)DataType.Float)).Output("y").Build())[0]
            .Inputs["x"]
            .Data;

        Assert.True(values.Max() - values.Min() > 128);
        Assert.True(values.Zip(values.Skip(3)).Average(pair => Math.Abs(pair.First - pair.Second)) < 20);
    }

    private static OnnxModel Model(string kind, long[] shape)
    {
        var net = new Net()
            .Input("x", shape)
            .Constant("bytes", [], 255f)
            .Constant("part", [], 1 / 255f)
            .Constant("small", [], 0.3f)
            .Constant("means", [3], 103.9f, 116.8f, 123.7f)
            .Constant("negative", [3], -103.9f, -116.8f, -123.7f);
        net = kind switch
        {
            "Div 255" => net.Node("Div", "x bytes", "y"),
            "Mul 1/255" => net.Node("Mul", "part x", "y"),
            "Sub means" => net.Node("Sub", "x means", "y"),
            "Add means" => net.Node("Add", "x negative", "y"),
            "Cast and Div 255" => net.Node("Cast", "x", "c", ("to", (long)DataType.Float)).Node("Div", "c bytes", "y"),
            "Div 0.229" => net.Node("Div", "x small", "y"),
            "Sub 0.485" => net.Node("Sub", "x small", "y"),
            _ => net.Node("Relu", "x", "y"),
        };
        var model = net.Output("y").Build();
        if (kind is "NominalRange_0_255" or "Normalized_0_1" or "Normalized_1_1")
            model.SetMetadata("Image.NominalPixelRange", kind);
        if (kind == "Bgr8")
            model.SetMetadata("Image.BitmapPixelFormat", kind);
        return model;
    }

    private static Sample[] Make(OnnxModel model) =>
        [.. new SyntheticInputs(model, SignatureReader.Read(model), DynamicDimensions.Guesses[0]).Read(CancellationToken.None)];
}
