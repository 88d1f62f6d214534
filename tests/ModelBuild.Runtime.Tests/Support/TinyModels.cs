namespace ModelBuild.Runtime.Tests.Support;

/// <summary>The models that the wrappers in this project are generated for.</summary>
internal static class TinyModels
{
    public static readonly string[] Types =
    [
        "float32",
        "float64",
        "float16",
        "bfloat16",
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "bool",
        "string",
    ];

    public static byte[] Relu() => new TinyModel().Input("x: float32[1, 16]").Output("y: float32[1, 16]").Node("Relu(x) -> y").ToBytes();

    public static byte[] Mlp() =>
        new TinyModel()
            .Input("features: float32[batch, 64]")
            .Output("scores: float32[batch, 10]")
            .Weight("w1", 64, 128)
            .Weight("bias1", 128)
            .Weight("weight2", 128, 128)
            .Weight("b2", 128)
            .Weight("last", 128, 10)
            .Weight("lastbias", 10)
            .Node("Gemm(features, w1, bias1) -> h1")
            .Node("Relu(h1) -> r1")
            .Node("Gemm(r1, weight2, b2) -> h2")
            .Node("Relu(h2) -> r2")
            .Node("Gemm(r2, last, lastbias) -> scores")
            .ToBytes();

    public static byte[] Pair() =>
        new TinyModel()
            .Input("left: float32[batch, length]", "right: float32[batch, length]")
            .Output("sum: float32[batch, length]")
            .Node("Add(left, right) -> sum")
            .ToBytes();

    public static byte[] EveryType()
    {
        var model = new TinyModel();
        foreach (var type in Types)
            model.Input($"{type}: {type}[n]").Output($"{type}_out: {type}[n]").Node($"Identity({type}) -> {type}_out");
        return model.ToBytes();
    }

    public static byte[] Scalar() =>
        new TinyModel()
            .Input("x: float32[n]", "factor: float32[]")
            .Output("scaled: float32[n]", "total: float32[]")
            .Node("Mul(x, factor) -> scaled")
            .Node("ReduceSum(scaled) -> total", ("keepdims", 0))
            .ToBytes();

    public static byte[] Empty() =>
        new TinyModel()
            .Input("nothing: float32[0]", "rows: float32[n, 0]")
            .Output("nothing_out: float32[0]", "rows_out: float32[n, 0]")
            .Node("Identity(nothing) -> nothing_out")
            .Node("Relu(rows) -> rows_out")
            .ToBytes();

    public static byte[] Free() => new TinyModel().Input("x: float32[*]").Output("y: float32[*]").Node("Relu(x) -> y").ToBytes();

    public static byte[] NonZero() =>
        new TinyModel()
            .Input("x: float32[n]")
            .Output("places: int64[1, ?]", "copy: float32[n]")
            .Node("NonZero(x) -> places")
            .Node("Identity(x) -> copy")
            .ToBytes();

    public static byte[] Sequence() =>
        new TinyModel()
            .Input("x: float32[n]")
            .Output("parts: seq(float32[*])", "y: float32[n]")
            .Node("SplitToSequence(x) -> parts")
            .Node("Relu(x) -> y")
            .ToBytes();

    /// <summary>Says that the output is as long as the input, and makes it twice as long.</summary>
    public static byte[] WrongShape() => new TinyModel().Input("x: float32[n]").Output("y: float32[n]").Node("Concat(x, x) -> y", ("axis", 0)).ToBytes();

    /// <summary>Outputs that no operator makes: an input and a weight.</summary>
    public static byte[] Pass() =>
        new TinyModel().Input("x: float32[n]").Output("x: float32[n]", "fixed: float32[3]").Weight("fixed", [3], [1, 2, 3]).Node("Relu(x) -> unused").ToBytes();

    public static byte[] Square() => new TinyModel().Input("x: float32[side, side]").Output("y: float32[side, side]").Node("Relu(x) -> y").ToBytes();

    public static byte[] Image() =>
        new TinyModel().Input("image: float32[?, 3, ?, ?]", "mean: float32[]").Output("y: float32[?, 3, ?, ?]").Node("Sub(image, mean) -> y").ToBytes();

    /// <summary>Returns the prepared image: fixed sizes, channels first.</summary>
    public static byte[] Photo() => Same("float32[1, 3, 3, 4]");

    /// <summary>Returns the prepared images: any number of any size, channels first.</summary>
    public static byte[] Photos() => Same("float32[?, 3, ?, ?]");

    /// <summary>Returns the prepared images: gray bytes, channels last.</summary>
    public static byte[] PhotoBytes() => Same("uint8[batch, 3, 4, 1]");

    /// <summary>Returns the prepared images: 16-bit floats, channels first.</summary>
    public static byte[] PhotoHalves() => Same("float16[batch, 3, 3, 4]");

    /// <summary>Returns its input: one score for each of three classes, after pooling.</summary>
    public static byte[] PooledScores() => new TinyModel().Input("x: float32[n, 3, 1, 1]").Output("y: float32[n, 3, 1, 1]").Node("Identity(x) -> y").ToBytes();

    private static byte[] Same(string type) => new TinyModel().Input($"image: {type}").Output($"y: {type}").Node("Identity(image) -> y").ToBytes();

    /// <summary>Takes seconds, node by node, so that it can be stopped between two.</summary>
    public static byte[] Slow()
    {
        var model = new TinyModel().Input("x: float32[512, 512]").Output("y: float32[512, 512]").Weight("w", 512, 512);
        var value = "x";
        for (var i = 0; i < 2000; i++, value = $"v{i - 1}")
            model.Node($"MatMul({value}, w) -> {(i == 1999 ? "y" : $"v{i}")}");
        return model.ToBytes();
    }

    /// <summary>Keeps the sum of all it got.</summary>
    public static byte[] Sum() =>
        new TinyModel()
            .Input("x: float32[batch, 3]", "total: float32[batch, 3]")
            .Output("y: float32[batch, 3]", "total_next: float32[batch, 3]")
            .Node("Add(x, total) -> total_next")
            .Node("Relu(total_next) -> y")
            .ToBytes();

    /// <summary>Two states: the sum over time of each row, and the number of calls.</summary>
    public static byte[] Echo() =>
        new TinyModel()
            .Input("x: float32[batch, time]", "h: float32[1, batch]", "c: float32[1, batch]")
            .Output("y: float32[batch, time]", "hn: float32[1, batch]", "cn: float32[?, ?]")
            .Indices("axes", 1)
            .Weight("one", [1], [1])
            .Node("ReduceSum(x, axes) -> sum", ("keepdims", 0))
            .Node("Add(h, sum) -> hn")
            .Node("Add(c, one) -> cn")
            .Node("Transpose(h) -> column")
            .Node("Add(x, column) -> y")
            .ToBytes();

    public static byte[] Filter() =>
        new TinyModel()
            .Input("x: float32[2]", "s: float32[2]")
            .Output("y: float32[2]", "s_next: float32[2]")
            .Weight("half", [1], [0.5f])
            .Node("Mul(s, half) -> old")
            .Node("Add(x, old) -> s_next")
            .Node("Relu(s_next) -> y")
            .ToBytes();

    /// <summary>A state that becomes longer with each call, as a stream's cannot.</summary>
    public static byte[] Growing() =>
        new TinyModel()
            .Input("x: float32[1]", "past: float32[n]")
            .Output("y: float32[1]", "present: float32[?]")
            .Node("Concat(past, x) -> present", ("axis", 0))
            .Node("Relu(x) -> y")
            .ToBytes();

    /// <summary>Takes seconds for thousands of rows, and next to nothing for one.</summary>
    public static byte[] SlowStream()
    {
        var model = new TinyModel()
            .Input("x: float32[n, 512]", "s: float32[512]")
            .Output("y: float32[n, 512]", "s_next: float32[512]")
            .Weight("w", 512, 512)
            .Indices("axes", 0);
        for (var i = 0; i < 300; i++)
            model.Node($"MatMul({(i == 0 ? "x" : $"v{i - 1}")}, w) -> {(i == 299 ? "y" : $"v{i}")}");
        return model.Node("ReduceSum(x, axes) -> sum", ("keepdims", 0)).Node("Add(s, sum) -> s_next").ToBytes();
    }

    public static byte[] Bag() =>
        new TinyModel()
            .Input("items: seq(float32[?, 2])", "words: seq(string[*])")
            .Output("count: int64[]", "items_out: seq(float32[*])", "words_out: seq(string[*])", "first: float32[*]")
            .Indices("zero", 0)
            .Node("SequenceLength(items) -> count")
            .Node("Identity(items) -> items_out")
            .Node("Identity(words) -> words_out")
            .Node("Squeeze(zero) -> place")
            .Node("SequenceAt(items, place) -> first")
            .ToBytes();

    public static byte[] Scalars() =>
        new TinyModel()
            .Input("x: float32[n]", "gain: optional(float32[])")
            .Output("parts: seq(float32[])", "has_gain: bool[]")
            .Node("SplitToSequence(x) -> parts", ("keepdims", 0))
            .Node("OptionalHasElement(gain) -> has_gain")
            .ToBytes();

    public static byte[] Dictionaries() =>
        new TinyModel()
            .Input("ages: map(string, float32[])", "names: map(int64, string[])")
            .Output("ages_out: float32[1, 2]", "names_out: string[1, 2]")
            .Node("ml.DictVectorizer(ages) -> ages_out")
            .Texts("string_vocabulary", "anna", "otto")
            .Node("ml.DictVectorizer(names) -> names_out")
            .Numbers("int64_vocabulary", 1, 2)
            .ToBytes();

    /// <summary>Says what of it was given, and gives an optional that is there, and two that are not.</summary>
    public static byte[] Maybe() =>
        new TinyModel()
            .Input("x: float32[n, 2]", "maybe: optional(float32[n, m])", "list: optional(seq(float32[?, m]))", "other: optional(float32[m])")
            .Output(
                "has_maybe: bool[]",
                "has_list: bool[]",
                "some: optional(float32[n, 2])",
                "none: optional(float32[*])",
                "none_list: optional(seq(float32[*]))",
                "y: float32[n, 2]"
            )
            .Node("OptionalHasElement(maybe) -> has_maybe")
            .Node("OptionalHasElement(list) -> has_list")
            .Node("Optional(x) -> some")
            .Node("Optional() -> none")
            .Type("type", "float32[*]")
            .Node("Optional() -> none_list")
            .Type("type", "seq(float32[*])")
            .Node("Relu(x) -> y")
            .Node("OptionalHasElement(other) -> unused")
            .ToBytes();

    public static byte[] Zip() =>
        new TinyModel()
            .Input("x: float32[n, 3]")
            .Output("probabilities: seq(map(string, float32[]))", "scores: float32[n, 3]")
            .Node("Softmax(x) -> scores")
            .Node("ml.ZipMap(scores) -> probabilities")
            .Texts("classlabels_strings", "a", "b", "c")
            .ToBytes();

    /// <summary>Gives what it gets.</summary>
    public static byte[] Rows() =>
        new TinyModel()
            .Input("x: float32[n, 4]", "half: float16[4]", "wide: float64[4]", "narrow: bfloat16[4]", "bytes: uint8[4]")
            .Output("logits: float32[n, 4]", "half_out: float16[4]", "wide_out: float64[4]", "narrow_out: bfloat16[4]", "bytes_out: uint8[4]")
            .Node("Identity(x) -> logits")
            .Node("Identity(half) -> half_out")
            .Node("Identity(wide) -> wide_out")
            .Node("Identity(narrow) -> narrow_out")
            .Node("Identity(bytes) -> bytes_out")
            .ToBytes();

    /// <summary>One operator on rows of three scores.</summary>
    public static byte[] Scores(string op) => new TinyModel().Input("x: float32[n, 3]").Output("y: float32[n, 3]").Node($"{op}(x) -> y").ToBytes();

    /// <summary>For wrappers whose way of loading is tested.</summary>
    public static byte[] Small() => new TinyModel().Input("x: float32[4]").Output("y: float32[4]").Node("Relu(x) -> y").ToBytes();
}
