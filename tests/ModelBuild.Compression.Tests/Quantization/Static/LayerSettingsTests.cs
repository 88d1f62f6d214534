using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Passes.Quantization.Static;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Static;

public sealed class LayerSettingsTests
{
    private static readonly LayerSettings Basis = new(false, IntegerType.UInt8, false, IntegerType.Int8, 8, true, false);

    [Theory]
    [InlineData("cpu-x64", true, false)]
    [InlineData("cpu-arm64", false, false)]
    [InlineData("qnn", false, false)]
    [InlineData("tensorrt", false, true)]
    public void The_target_chooses_types_and_symmetry(string target, bool isUnsigned, bool isSymmetric)
    {
        var settings = Of(new Int8Options(), target: target);

        Assert.Equal(isUnsigned ? IntegerType.UInt8 : IntegerType.Int8, settings.Activations);
        Assert.Equal((IntegerType.Int8, isSymmetric), (settings.Weights, settings.IsSymmetric));
    }

    [Fact]
    public void Every_word_sets_what_it_says()
    {
        Assert.Equal(Basis with { IsFloat = true }, Of("conv1:float"));
        Assert.Equal(Basis with { PerChannel = false }, Of("conv1:per-tensor"));
        Assert.Equal(Basis, Of("conv1:per-tensor|conv1:per-channel"));
        Assert.Equal(Basis with { Weights = IntegerType.Int16 }, Of("conv1:int16"));
        Assert.Equal(Basis, Of("*:int16|conv1:int8"));
        foreach (var bits in Enumerable.Range(2, 7))
            Assert.Equal(Basis with { Bits = bits }, Of($"conv1:w{bits}"));
        Assert.Equal(Basis with { Activations = IntegerType.UInt16 }, Of("conv1:a16"));
        Assert.Equal(Basis, Of("*:a16|conv*:a8"));
        Assert.Equal((0, 15), (Of("conv1:a4").Activations.Min, Of("conv1:a4").Activations.Max));
        Assert.Equal(Of("conv1:a6"), Of(new Int8Options(ActivationBits: 6)));
        Assert.Equal(Basis, Of(new Int8Options(ActivationBits: 6, Layers: "conv1:a8")));
        Assert.Equal(IntegerType.Int16, Of(new Int8Options(Layers: "conv1:a16"), target: "qnn").Activations);
        Assert.Equal(Basis with { IsSymmetric = true }, Of("Conv:symmetric"));
        Assert.Equal(Basis, Of("Conv:symmetric|conv?:asymmetric"));
        Assert.Equal(Basis with { ReduceRange = true }, Of("conv1:reduce-range"));
        Assert.Equal(Basis with { Weights = IntegerType.Int16, PerChannel = false }, Of(" conv1 : int16 + per-tensor "));
    }

    [Fact]
    public void Patterns_are_names_or_operator_types_and_may_hold_colons()
    {
        Assert.Equal(Basis, Of("conv2:float|Gemm:float|CONV1:float"));
        Assert.True(Of("Conv:float").IsFloat);
        Assert.True(Of(new Int8Options(Layers: "Func/a:0:float"), "Func/a:0").IsFloat);
        Assert.True(Of(new Int8Options(Exclude: "Gemm|conv*")).IsFloat);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Other_numbers_of_bits_are_an_error(int bits)
    {
        var exception = Assert.Throws<CompressionException>(() => Of(new Int8Options(Bits: bits)));

        Assert.Equal((Codes.UnknownOption, $"Codes of weights cannot have {bits} bits; they can have 2 to 8."), (exception.Code, exception.Message));
    }

    [Theory]
    [InlineData("conv1", "'conv1' in the option 'layers' must be 'pattern:setting'")]
    [InlineData("conv1:flot", "Layers have no setting 'flot'. Did you mean 'float'?")]
    [InlineData("conv1:float+", "Layers have no setting ''.")]
    public void A_setting_that_there_is_not_is_an_error_that_lists_them(string layers, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => Of(layers));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(QuantizedType.UInt8)]
    [InlineData(QuantizedType.UInt16)]
    internal void Weights_are_signed(QuantizedType type) =>
        Assert.Equal(Codes.UnknownOption, Assert.Throws<CompressionException>(() => Of(new Int8Options(Weights: type))).Code);

    private static LayerSettings Of(string layers) => Of(new Int8Options(Layers: layers));

    private static LayerSettings Of(Int8Options options, string node = "conv1", string target = "cpu-x64") =>
        LayerSettings.Parse(options, TargetProfile.Parse(target))(new NodeProto { Name = node, OpType = "Conv" });
}
