namespace ModelBuild.Compression.Targets;

/// <summary>
/// The costs of operators in float32 and in int8 on one core, in picoseconds. Only the proportions of the figures matter. The figures were measured once with
/// ONNX Runtime. A build never measures them, so that its result does not depend on the machine.
/// </summary>
internal sealed record CostTable
{
    /// <summary>
    /// x64 processors with VNNI: the figures that the benchmark <c>costs</c> of tests/ModelBuild.Benchmarks printed on 2026-12-01 with ONNX Runtime 1.32.0 on an
    /// AMD EPYC processor with AVX-512 VNNI. Repeated runs differ by less than 25 percent.
    /// </summary>
    public static CostTable CpuX64 { get; } =
        new()
        {
            FloatNode = 200000,
            IntegerProduct = 760000,
            IntegerConvolution = 510000,
            Conversion = 220000,
            ConvertedElement = 86,
            ChannelsFirstPooling = 5600,
            TransposedElement = 51,
            GatheredPixel = 940,
            GatheredNarrowPixel = 2300,
            OtherFloatElement = 110,
            BroadcastIntegerElement = 240,
            OtherIntegerElement = 14,
            FloatMultiply = new(Convolution: 9.3, ConvolutionOverhead: 49, Depthwise: 20, Product: 10, ProductOfFewRows: 150),
            IntegerMultiply = new(Convolution: 2.3, ConvolutionOverhead: 91, Depthwise: 33, Product: 2.9, ProductOfFewRows: 15),
            NarrowBlockMultiply = new(Product: 10, ProductOfFewRows: 13),
            WideBlockMultiply = new(Product: 9.1, ProductOfFewRows: 17),
            FloatElements = new(StringComparer.Ordinal)
            {
                ["MaxPool"] = 160,
                ["AveragePool"] = 160,
                ["GlobalAveragePool"] = 150,
                ["Concat"] = 84,
                ["Split"] = 84,
                ["Resize"] = 240,
                ["Sigmoid"] = 290,
            },
            IntegerElements = new(StringComparer.Ordinal)
            {
                ["Add"] = 110,
                ["MaxPool"] = 230,
                ["Mul"] = 220,
                ["Sigmoid"] = 220,
                ["LeakyRelu"] = 220,
                ["AveragePool"] = 5100,
                ["GlobalAveragePool"] = 37,
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
    /// The time of one element of an operator in float32, by operator type, in picoseconds. Those of MaxPool and AveragePool are for one element of the result of
    /// a pooling of 3 × 3.
    /// </summary>
    public required Dictionary<string, double> FloatElements { get; init; }

    /// <summary>The time of one element in float32 of the operators that have no entry of their own, in picoseconds.</summary>
    public required double OtherFloatElement { get; init; }

    /// <summary>The time of one element of an Add or Mul in int8 with a constant operand, which is broadcast row by row, in picoseconds.</summary>
    public required double BroadcastIntegerElement { get; init; }

    /// <summary>
    /// The time of one element of an operator in int8, by operator type, in picoseconds. Those of MaxPool and AveragePool are for one element of the result of a
    /// pooling of 3 × 3.
    /// </summary>
    public required Dictionary<string, double> IntegerElements { get; init; }

    /// <summary>The time of one element in int8 of the operators that have no entry of their own, in picoseconds.</summary>
    public required double OtherIntegerElement { get; init; }
}
