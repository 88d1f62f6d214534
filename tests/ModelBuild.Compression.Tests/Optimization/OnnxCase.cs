using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>A test model of ONNX with the inputs that belong to it. The model is run as written, and changed models are run on the same inputs.</summary>
internal sealed class OnnxCase
{
    // The bounds are for float32 sums in another order, and for float16 results of sums that were rounded in another order.
    private const double FloatRounding = 1e-5;
    private const double HalfRounding = 4e-3;

    private const long FirstOpset = 7;

    private const string Taken = "branch_is_taken";

    private readonly Dictionary<string, OnnxTestValue> _inputs;
    private readonly IReadOnlyList<OutputValues> _answers;

    private OnnxCase(OnnxModel model, Dictionary<string, OnnxTestValue> inputs, IReadOnlyList<OutputValues> answers) =>
        (Model, _inputs, _answers) = (model, inputs, answers);

    /// <summary>Gets the model as written.</summary>
    public OnnxModel Model { get; }

    /// <summary>Loads a test and runs its model twice, or returns the reason why there are no outputs to compare with.</summary>
    public static (OnnxCase? Case, string? WhyNot) Load(string folder)
    {
        var model = OnnxModel.Load(Path.Combine(folder, "model.onnx"));
        try
        {
            using var session = Sessions.OpenUnoptimized(model);
            var inputs = session
                .InputNames.Select((name, i) => (name, Value: OnnxTestValue.Load(Path.Combine(folder, "test_data_set_0", $"input_{i}.pb"), Type(model, name))))
                .ToDictionary(pair => pair.name, pair => pair.Value, StringComparer.Ordinal);
            var answers = Run(session, inputs);
            inputs.Add(Taken, new OnnxTestValue(Tensors.Create(Taken, DataType.Bool, [], new byte[] { 1 }), null));
            return answers.Zip(Run(session, inputs)).All(pair => Difference(pair.First, pair.Second, 0) is null)
                ? (new OnnxCase(model, inputs, answers), null)
                : (null, "draw random numbers");
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
        {
            return (null, Reason(exception, model.Opset()));
        }
    }

    /// <summary>Returns the same model with all inputs but the first one as constants.</summary>
    public OnnxModel WithConstants() =>
        Changed(graph =>
        {
            foreach (var name in _inputs.Keys.Where(name => name != Taken).Skip(1))
                if (_inputs[name] is { Tensor: { } tensor } && tensor.DataType != (int)DataType.String && Type(Model, name).TensorType is not null)
                {
                    graph.Input.Remove(graph.Input.First(input => input.Name == name));
                    graph.Initializer.Add(tensor.WithName(name));
                }
        });

    /// <summary>
    /// Returns the same model with open sizes of its inputs, whose names contain the sizes. Returns null if the inputs have no sizes, or if the outputs of
    /// that model are not the same.
    /// </summary>
    public OnnxModel? WithOpenSizes(out string fixing)
    {
        var sizes = new SortedSet<long>();
        var model = Changed(graph =>
        {
            graph.ValueInfo.Clear();
            foreach (var output in graph.Output)
                output.Type?.TensorType?.Shape = null;
            foreach (var input in graph.Input)
                if (
                    _inputs.GetValueOrDefault(input.Name)?.Tensor is { } tensor
                    && input.Type.TensorType is { Shape: { } shape }
                    && shape.Dim.Count == tensor.Dims.Count
                )
                    foreach (var (dimension, size) in shape.Dim.Zip(tensor.Dims).Where(pair => pair.Second > 0))
                    {
                        dimension.DimParam = string.Create(CultureInfo.InvariantCulture, $"size{size}");
                        sizes.Add(size);
                    }
        });
        fixing = $"fix-dimensions({string.Join(", ", sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"size{size}={size}")))})";
        return sizes.Count > 0 ? Runs(model) : null;
    }

    /// <summary>
    /// Returns the same model with every value that a node gives as an output, or null if ONNX Runtime does not support outputs of that kind.
    /// </summary>
    public OnnxModel? WithAllOutputs() =>
        Runs(
            Changed(graph =>
                graph.Output.Add(
                    graph
                        .Node.SelectMany(node => node.Output)
                        .Where(value => value.Length > 0)
                        .Distinct(StringComparer.Ordinal)
                        .Except(graph.Output.Select(output => output.Name))
                        .Select(value => new ValueInfoProto { Name = value })
                )
            )
        );

    /// <summary>
    /// Returns the same model with all its nodes in a branch whose condition is only known when the model runs. Its weights are Constant nodes in the branch.
    /// Returns null if ONNX Runtime does not run that model.
    /// </summary>
    public OnnxModel? InBranch() =>
        Runs(
            Changed(graph =>
            {
                var branch = new GraphProto { Name = "branch" };
                branch.Node.Add(graph.Initializer.Select(tensor => Nodes.Create("Constant", [], [tensor.Name], attributes: ("value", tensor))));
                branch.Node.Add(graph.Node);
                branch.Output.Add(graph.Output.Select(output => new ValueInfoProto { Name = $"{output.Name}_inside" }));
                var outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
                foreach (var names in branch.Node.SelectMany(node => new[] { node.Input, node.Output }))
                    for (var i = 0; i < names.Count; i++)
                        if (outputs.Contains(names[i]))
                            names[i] += "_inside";
                var inputs = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
                foreach (var input in graph.Input.Where(input => inputs.Contains(input.Name)).ToArray())
                    graph.Input.Remove(input);
                graph.Initializer.Clear();
                graph.ValueInfo.Clear();
                graph.Node.Clear();
                graph.Node.Add(Nodes.Create("If", [Taken], outputs, attributes: [("then_branch", branch), ("else_branch", branch.Clone())]));
                graph.Input.Add(
                    new ValueInfoProto
                    {
                        Name = Taken,
                        Type = new TypeProto
                        {
                            TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Bool, Shape = new TensorShapeProto() },
                        },
                    }
                );
            })
        );

    /// <summary>Returns in what the outputs of one model differ from those of another by more than rounding, or null if they do not.</summary>
    public string? Fault(OnnxModel model, OnnxModel before)
    {
        var (answers, expected) = (Run(model), Run(before));
        return answers
            .Zip(expected)
            .Select((pair, i) => Difference(pair.First, pair.Second, Rounding(before, i)) is { } difference ? $"output {i}: {difference}" : null)
            .FirstOrDefault(fault => fault is not null);
    }

    private OnnxModel? Runs(OnnxModel model)
    {
        try
        {
            return Run(model).Zip(_answers).All(pair => Difference(pair.First, pair.Second, FloatRounding) is null) ? model : null;
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
        {
            return null;
        }
    }

    private OutputValues[] Run(OnnxModel model)
    {
        using var session = Sessions.OpenUnoptimized(model);
        return Run(session, _inputs);
    }

    private OnnxModel Changed(Action<GraphProto> change)
    {
        var copy = Model.Clone();
        copy.Proto.IrVersion = Math.Max(4, copy.Proto.IrVersion);
        change(copy.Proto.Graph);
        return copy;
    }

    private static double Rounding(OnnxModel model, int output) =>
        model.Proto.Graph.Output[output].Type?.TensorType?.ElemType is (int)DataType.Float16 or (int)DataType.Bfloat16 ? HalfRounding : FloatRounding;

    private static TypeProto Type(OnnxModel model, string input) => model.Proto.Graph.Input.First(info => info.Name == input).Type;

    private static OutputValues[] Run(InferenceSession session, Dictionary<string, OnnxTestValue> inputs)
    {
        var values = session.InputNames.Select(name => inputs[name].ToOrtValue()).ToArray();
        try
        {
            using var options = new RunOptions();
            using var results = session.Run(options, session.InputNames, values, session.OutputNames);
            return [.. results.Select(OutputReader.Read)];
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    // The messages are those of ONNX Runtime that occur for the test models of ONNX.
    private static string Reason(Exception exception, long opset) =>
        exception.Message switch
        {
            _ when exception is NotSupportedException => exception.Message,
            var message when message.Contains("ai.onnx.preview.training", StringComparison.Ordinal) => "are for training, which ONNX Runtime does not know",
            _ when opset < FirstOpset => "are older than ONNX Runtime's kernels",
            var message when message.Contains("ErrorCode:NotImplemented", StringComparison.Ordinal) => "take types that ONNX Runtime has no kernel for",
            var message when message.Contains("layout == 1", StringComparison.Ordinal) => "run batchwise, which ONNX Runtime does not",
            var message when message.Contains("locale", StringComparison.Ordinal) => "need a locale that this machine does not have",
            var message => $"are refused by ONNX Runtime ({message})",
        };

    private static string? Difference(OutputValues actual, OutputValues expected, double rounding)
    {
        if (!actual.Shape.SequenceEqual(expected.Shape))
            return $"[{string.Join(',', actual.Shape)}] instead of [{string.Join(',', expected.Shape)}]";
        if (!actual.Texts.SequenceEqual(expected.Texts))
            return "other texts";
        var largest = expected.IsFloat ? expected.Numbers.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max() : 0;
        foreach (var (one, other) in actual.Numbers.Zip(expected.Numbers))
            if (!one.Equals(other) && !(Math.Abs(one - other) <= rounding * (largest + Math.Abs(other)) / 2))
                return $"{one} instead of {other}";
        return null;
    }
}
