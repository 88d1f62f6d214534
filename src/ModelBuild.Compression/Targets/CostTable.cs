namespace ModelBuild.Compression.Targets;

/// <summary>
/// The costs of operators in float32 and in int8 on one core, in picoseconds. Only the proportions of the figures matter. The figures were measured once with
/// ONNX Runtime. A build never measures them, so that its result does not depend on the machine.
/// </summary>
internal sealed record CostTable
{
    /// <summary>
    /// x64 processors with VNNI: the figures that the benchmark <c>costs</c> of tests/ModelBuild.Benchmarks printed on 2026-12-01 with ONNX Runtime 1.32.0 on
    /// an AMD EPYC processor with AVX-512 VNNI. They are the smallest of three rounds.
    /// </summary>
    public static CostTable CpuX64 { get; } =
        new()
        {
            FloatNode = 210000,
            IntegerProduct = 780000,
            IntegerConvolution = 530000,
            Conversion = 230000,
            ConvertedElement = 88,
            ChannelsFirstPooling = 5700,
            TransposedElement = 52,
            GatheredPixel = 950,
            GatheredNarrowPixel = 2400,
            OtherFloatElement = 110,
            BroadcastIntegerElement = 260,
            OtherIntegerElement = 15,
            FloatMultiply = new(Convolution: 9.7, ConvolutionOverhead: 45, Depthwise: 20, Product: 11, ProductOfFewRows: 66),
            IntegerMultiply = new(Convolution: 2.5, ConvolutionOverhead: 110, Depthwise: 35, Product: 3.1, ProductOfFewRows: 9.7),
            NarrowBlockMultiply = new(Product: 11, ProductOfFewRows: 13),
            WideBlockMultiply = new(Product: 9.5, ProductOfFewRows: 12),
            FloatElements = new(StringComparer.Ordinal)
            {
                ["MaxPool"] = 170,
                ["AveragePool"] = 170,
                ["GlobalAveragePool"] = 150,
                ["Concat"] = 83,
                ["Split"] = 83,
                ["Resize"] = 270,
                ["Sigmoid"] = 300,
            },
            IntegerElements = new(StringComparer.Ordinal)
            {
                ["Add"] = 120,
                ["MaxPool"] = 230,
                ["Mul"] = 230,
                ["Sigmoid"] = 220,
                ["LeakyRelu"] = 220,
                ["AveragePool"] = 5300,
                ["GlobalAveragePool"] = 38,
            },
        };

    /// <summary>The time that a node in float32 takes before its first element, in picoseconds.</summary>
    public required long FloatNode { get; init; }

    /// <summary>The time that a matrix product in int8 takes before its first element, in picoseconds.</summary>
    public required long IntegerProduct { get; init; }

    /// <summary>The time that a convolution in int8 takes before its first element, in picoseconds.</summary>
    public required long IntegerConvolution { get; init; }

    /// <summary>
    /// The time that a conversion between float32 and int8 takes before its first element, in picoseconds, and that of the change of layout that integer
    /// convolutions cause.
    /// </summary>
    public required long Conversion { get; init; }

    /// <summary>The time to convert one element between float32 and int8, in picoseconds.</summary>
    public required double ConvertedElement { get; init; }

    /// <summary>
    /// The additional time of one element of the result of a pooling of 3 × 3 in int8 whose operand has its channels before its pixels, in picoseconds.
    /// </summary>
    public required double ChannelsFirstPooling { get; init; }

    /// <summary>The time of one element of a transposition between channels before pixels and channels after pixels, in picoseconds.</summary>
    public required double TransposedElement { get; init; }

    /// <summary>The times of one multiply-add in float32, in picoseconds.</summary>
    public required MultiplyCosts FloatMultiply { get; init; }

    /// <summary>The times of one multiply-add in int8, in picoseconds.</summary>
    public required MultiplyCosts IntegerMultiply { get; init; }

    /// <summary>The times of one multiply-add in a product whose weights have up to 4 bits and a scale for each block of inputs, in picoseconds.</summary>
    public required BlockMultiplyCosts NarrowBlockMultiply { get; init; }

    /// <summary>The times of one multiply-add in a product whose weights have more than 4 bits and a scale for each block of inputs, in picoseconds.</summary>
    public required BlockMultiplyCosts WideBlockMultiply { get; init; }

    /// <summary>The time to copy one pixel into the patches of an integer convolution, in picoseconds.</summary>
    public required double GatheredPixel { get; init; }

    /// <summary>The time to copy one pixel of fewer than 16 channels into the patches of an integer convolution, in picoseconds.</summary>
    public required double GatheredNarrowPixel { get; init; }

    /// <summary>
    /// The time of one element of an operator in float32, by operator type, in picoseconds. Those of MaxPool and AveragePool are for one element of the result
    /// of a pooling of 3 × 3.
    /// </summary>
    public required Dictionary<string, double> FloatElements { get; init; }

    /// <summary>The time of one element in float32 of the operators that have no entry of their own, in picoseconds.</summary>
    public required double OtherFloatElement { get; init; }

    /// <summary>The time of one element of an Add or Mul in int8 with a constant operand, which is broadcast row by row, in picoseconds.</summary>
    public required double BroadcastIntegerElement { get; init; }

    /// <summary>
    /// The time of one element of an operator in int8, by operator type, in picoseconds. Those of MaxPool and AveragePool are for one element of the result of
    /// a pooling of 3 × 3.
    /// </summary>
    public required Dictionary<string, double> IntegerElements { get; init; }

    /// <summary>The time of one element in int8 of the operators that have no entry of their own, in picoseconds.</summary>
    public required double OtherIntegerElement { get; init; }
}
