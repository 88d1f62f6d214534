using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Blocks;

/// <summary>Tests <c>int4</c> with fewer codes than 4 bits have, in each form of storage.</summary>
public sealed class FewBitsTests
{
    public static TheoryData<string, bool> Forms { get; } =
    [.. from form in new[] { "matmulnbits", "qdq", "stored" } from symmetric in new[] { true, false } select (form, symmetric)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Weights_have_so_many_codes_and_more_answer_better(string form, bool symmetric)
    {
        var before = double.NegativeInfinity;
        foreach (var bits in new[] { 2, 3, 4 })
        {
            var recipe = $"int4(bits={bits}, last-layer-bits=4, format={form}, symmetric={(symmetric ? "true" : "false")})";
            var model = Model();

            var result = Steps.Run(model, recipe, out var report);

            Assert.Contains(report.Changes, change => change.Key.Contains(bits == 4 ? "4 bits" : $"{bits} of 4 bits", StringComparison.Ordinal));
            var codes = StoredCodes(result);
            Assert.Equal(3, codes.Count);
            Assert.All(codes, of => Assert.InRange(of.Distinct().Count(), bits, 1 << bits));
            var decibels = Ort.Sqnr(Ort.Run(model), Ort.Run(result));
            Assert.InRange(decibels, before + 3, 60);
            before = decibels;
        }
    }

    [Theory]
    [InlineData("int4(bits=1)", "Codes of int4 cannot have 1 bits; they can have 2, 3 or 4.")]
    [InlineData("int4(bits=5)", "Codes of int4 cannot have 5 bits; they can have 2, 3 or 4.")]
    public void Other_numbers_of_bits_are_an_error(string recipe, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => Steps.Run(Model(), recipe));

        Assert.Equal((Codes.UnknownOption, message), (exception.Code, exception.Message));
    }

    private static OnnxModel Model() =>
        new Net()
            .Input("x", 5, 3, 8, 8)
            .Weight("k", 64, 3, 8, 8)
            .Node("Conv", "x k", "c")
            .Node("Flatten", "c", "f")
            .Weight("w", 64, 64)
            .Node("MatMul", "f w", "m")
            .Node("Relu", "m", "r")
            .Weight("v", 64, 64)
            .Node("Gemm", "r v", "y")
            .Output("y")
            .Build();

    // The method returns the values of both halves of the bytes that contain codes, for each tensor.
    private static List<int[]> StoredCodes(OnnxModel model) =>
        [
            .. model
                .Proto.Graph.Initializer.Where(tensor => tensor.Name.Contains("_int4", StringComparison.Ordinal))
                .Select(tensor => CodePacking.Unpack(tensor.RawData.Span, 1, 2 * tensor.RawData.Length, 4).Select(code => (int)code).ToArray()),
        ];
}
