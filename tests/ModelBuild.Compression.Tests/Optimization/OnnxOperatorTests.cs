using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>ONNX's own test models, one operator or a few each, with the inputs and outputs that come with them.</summary>
public sealed class OnnxOperatorTests(ITestOutputHelper output)
{
    // Where Debian's package libonnx-testdata puts them.
    private const string Folder = "/usr/share/libonnx-testdata/data";

    [Theory]
    [InlineData("node", 600)]
    [InlineData("simple", 5)]
    [InlineData("pytorch-converted", 50)]
    [InlineData("pytorch-operator", 20)]
    public void Optimized_models_answer_as_ONNX_says(string group, int atLeast)
    {
        var folder = Path.Combine(Folder, group);
        Assert.SkipUnless(Directory.Exists(folder), $"There is no '{folder}': the package libonnx-testdata is not installed.");
        var (run, left) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal));
        var wrong = new List<string>();
        foreach (var test in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var (case_, whyNot) = Load(test);
            whyNot ??= case_!.WhyNot();
            if (whyNot is not null)
            {
                left[whyNot] = left.GetValueOrDefault(whyNot) + 1;
                continue;
            }

            run++;
            foreach (var (form, model) in new[] { ("as it is", case_!.Model), ("with constant inputs", case_.WithConstants()) })
                if (case_.Fault(Steps.Run(model, "optimize")) is { } fault)
                    wrong.Add($"{Path.GetFileName(test)} {form}: {fault}");
        }

        output.WriteLine($"{group}: {run} models run, {string.Join(", ", left.Select(reason => $"{reason.Value} {reason.Key}"))}");
        Assert.Empty(wrong);
        Assert.InRange(run, atLeast, int.MaxValue);
    }

    private static (Case? Case, string? WhyNot) Load(string test)
    {
        try
        {
            var model = OnnxModel.Load(Path.Combine(test, "model.onnx"));
            var initializers = model.Proto.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
            var data = Path.Combine(test, "test_data_set_0");
            var inputs = model.Proto.Graph.Input.Where(input => !initializers.Contains(input.Name)).Select((input, i) => TensorFile.Load(Path.Combine(data, $"input_{i}.pb")).WithName(input.Name)).ToArray();
            var outputs = model.Proto.Graph.Output.Select((_, i) => TensorFile.Load(Path.Combine(data, $"output_{i}.pb"))).ToArray();
            return (new Case(model, inputs, outputs), null);
        }
        catch (Exception exception) when (exception is OnnxException or IOException)
        {
            return (null, "with values that are no tensors");
        }
    }

    private sealed record Case(OnnxModel Model, TensorProto[] Inputs, TensorProto[] Outputs)
    {
        public string? WhyNot()
        {
            try
            {
                return Fault(Model) is null ? null : "that ONNX Runtime answers in another way";
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                return "that ONNX Runtime does not load or run";
            }
        }

        /// <summary>The same model with all inputs but the first as constants.</summary>
        public OnnxModel WithConstants()
        {
            var copy = Model.Clone();
            var graph = copy.Proto.Graph;
            copy.Proto.IrVersion = Math.Max(4, copy.Proto.IrVersion);
            foreach (var constant in Inputs.Skip(1).Where(input => input.DataType != (int)DataType.String))
            {
                graph.Input.Remove(graph.Input.First(input => input.Name == constant.Name));
                graph.Initializer.Add(constant);
            }

            return copy;
        }

        public string? Fault(OnnxModel model)
        {
            using var runner = new ModelRunner(Sessions.OpenUnoptimized(model));
            var inputs = model.Proto.Graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
            var actual = runner.Run(new Sample(Inputs.Where(input => inputs.Contains(input.Name)).ToDictionary(input => input.Name, Array), null), CancellationToken.None);
            return actual.Zip(Outputs).Select((pair, i) => Difference(pair.First, Read(pair.Second)) is { } difference ? $"output {i}: {difference}" : null).FirstOrDefault(fault => fault is not null);
        }

        private static OutputValues Read(TensorProto tensor)
        {
            using var value = ModelRunner.ToOrtValue(Array(tensor));
            return OutputReader.Read(value);
        }

        private static SampleArray Array(TensorProto tensor) => new(
            (DataType)tensor.DataType, [.. tensor.Dims], tensor.RawData.ToByteArray(),
            tensor.DataType == (int)DataType.String ? [.. tensor.StringData.Select(text => text.ToStringUtf8())] : null);

        private static string? Difference(OutputValues actual, OutputValues expected)
        {
            if (!actual.Shape.SequenceEqual(expected.Shape))
                return $"[{string.Join(',', actual.Shape)}] instead of [{string.Join(',', expected.Shape)}]";
            if (!actual.Texts.SequenceEqual(expected.Texts))
                return "other texts";
            var wrong = actual.Numbers.Zip(expected.Numbers).FirstOrDefault(pair => !IsNear(pair.First, pair.Second, expected.IsFloat ? 1e-3 : 0), (0, 0));
            return wrong is (0, 0) ? null : $"{wrong.First} instead of {wrong.Second}";
        }

        private static bool IsNear(double actual, double expected, double tolerance) =>
            actual.Equals(expected) || Math.Abs(actual - expected) <= tolerance * (Math.Abs(expected) + 0.01);
    }
}
