using System.Diagnostics.Metrics;
using System.Globalization;
using ModelBuild.Onnx;
using ModelBuild.Runtime;
using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>Measures the time of a call from C# on a model without work and on a classifier of digits, with one thread and without spinning.</summary>
internal static class CallsBenchmark
{
    public static void Run(TextWriter output)
    {
        output.WriteLine("| model | call | ns per call | ratio | bytes per call |");
        output.WriteLine("|---|---|---:|---:|---:|");
        Relu(output);
        ReluListenedTo(output);
        Digits(output);
    }

    internal static string? DigitModel() =>
        new[] { Path.Combine(Corpus.Repository, "samples", "DigitClassifier"), Path.Combine(Corpus.Root, "litenet") }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "litenet-conv.onnx", SearchOption.AllDirectories))
            .FirstOrDefault(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static void Relu(TextWriter output)
    {
        var bytes = Relu16();
        var x = Pixels(16);
        var y = new float[16];
        var sum = 0f;
        using var model = ReluModel.Load(bytes, OneThread());
        using var bound = new PreallocatedBinding(model.Session, "x", [1, 16], "y", [1, 16]);
        Report(
            output,
            "relu[1,16]",
            ("OrtIoBinding, all preallocated", () => sum += bound.Run(x)[0]),
            (
                "generated `Run`",
                () =>
                {
                    using var result = model.Run(x);
                    sum += result.Y.Span[0];
                }
            ),
            (
                "generated `Run` into a buffer",
                () =>
                {
                    model.Run(x, y);
                    sum += y[0];
                }
            ),
            ("`NamedOnnxValue` and `DenseTensor`", () => sum += UsualCode.Run(model.Session, "x", x, [1, 16])[0])
        );
    }

    /// <summary>Measures the cost of telemetry with a listener. The other rows have no listener.</summary>
    private static void ReluListenedTo(TextWriter output)
    {
        var (x, sum) = (Pixels(16), 0f);
        using var model = ReluModel.Load(Relu16(), OneThread());
        using var bound = new PreallocatedBinding(model.Session, "x", [1, 16], "y", [1, 16]);
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        Report(
            output,
            "relu[1,16], metered",
            ("OrtIoBinding, all preallocated", () => sum += bound.Run(x)[0]),
            (
                "generated `Run`",
                () =>
                {
                    using var result = model.Run(x);
                    sum += result.Y.Span[0];
                }
            )
        );
    }

    private static void Digits(TextWriter output)
    {
        if (DigitModel() is not { } path)
        {
            output.WriteLine("(The digit model, litenet-conv.onnx, is neither among the samples nor in the corpus.)");
            return;
        }

        var image = Pixels(784);
        var logits = new float[10];
        var sum = 0f;
        using var model = DigitsModel.Load(path, OneThread());
        using var bound = new PreallocatedBinding(model.Session, "image", [1, 1, 28, 28], "logits", [1, 10]);
        Report(
            output,
            "litenet-conv, one digit",
            ("OrtIoBinding, all preallocated", () => sum += bound.Run(image)[0]),
            (
                "generated `Run`",
                () =>
                {
                    using var result = model.Run(image);
                    sum += result.Logits.Span[0];
                }
            ),
            (
                "generated `Run` into a buffer",
                () =>
                {
                    model.Run(image, logits);
                    sum += logits[0];
                }
            ),
            ("`NamedOnnxValue` and `DenseTensor`", () => sum += UsualCode.Run(model.Session, "image", image, [1, 1, 28, 28])[0])
        );
    }

    private static void Report(TextWriter output, string model, params (string Name, Action Call)[] ways)
    {
        foreach (var way in Interleaved.Measure(ways))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {model} | {way.Name} | {way.Nanoseconds:N0} | {way.Ratio:F3} | {way.Bytes:N0} |"));
    }

    private static ModelOptions OneThread() => new() { Threads = 1, Spinning = false };

    private static float[] Pixels(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    private static byte[] Relu16()
    {
        var graph = new GraphProto { Name = "relu", Node = { Nodes.Create("Relu", ["x"], ["y"]) } };
        graph.Input.Add(Value("x"));
        graph.Output.Add(Value("y"));
        var model = new ModelProto
        {
            IrVersion = 8,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = 17 },
            },
            Graph = graph,
        };
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    private static ValueInfoProto Value(string name)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 16 });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = tensor },
        };
    }
}
