using ModelBuild.Compression.Formats;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// Writes a precision plan into the graph. A value keeps its name in the form in which it is computed, or in which it is an output of its scope. If a reader
/// needs the other form, one Cast in the defining scope computes it. Constants are stored in each form that is read.
/// </summary>
internal sealed class PrecisionWriter(FloatGraph graph, NarrowFloat format, PassReport report)
{
    private readonly NarrowedConstants _constants = new(format);

    public void Write()
    {
        foreach (var value in graph.Values.ToArray())
            if (value.IsConstant)
                WriteConstant(value);
            else
                WriteValue(value);
        foreach (var node in graph.Nodes.Where(node => node.IsNarrow))
            WriteType(node);
        report.Changed($"nodes computing in {format.Name}", graph.Nodes.Count(node => node.IsNarrow && !node.Rule!.TakesAny));
        report.Changed($"numbers clamped to {format.Name}'s largest", _constants.Clamped);
        report.Changed($"numbers raised to {format.Name}'s smallest", _constants.Raised);
    }

    private void WriteConstant(FloatValue value)
    {
        if (!value.NeedsNarrow)
            return;
        var scope = value.Scope;
        var tensor = scope.Constant(value.Name);
        report.Changed($"constants in {format.Name}");
        var isNamedNarrow = value.IsOutput && value.IsNamedNarrow;
        if (isNamedNarrow && !value.NeedsFloat32)
        {
            scope.ReplaceConstant(value.Name, _constants.Narrow(tensor, value.Name));
            return;
        }

        var other = scope.FreshName($"{value.Name}_{(isNamedNarrow ? "float32" : format.Name)}");
        Redirect(value, narrow: isNamedNarrow ? value.Name : other, float32: isNamedNarrow ? other : value.Name, own: value.Name);
        if (isNamedNarrow)
            scope.ReplaceConstant(value.Name, _constants.Narrow(tensor, value.Name));
        scope.AddInitializer(isNamedNarrow ? tensor.WithName(other) : _constants.Narrow(tensor, other));
    }

    private void WriteValue(FloatValue value)
    {
        if (value.IsNamedNarrow)
            Describe(value);
        if (value.Casts == 0)
            return;
        var scope = value.Scope;
        var other = scope.FreshName($"{value.Name}_{(value.IsNamedNarrow ? "float32" : format.Name)}");
        var (narrow, float32) = value.IsNamedNarrow ? (value.Name, other) : (other, value.Name);
        var (own, made) = value.IsNarrow ? (narrow, float32) : (float32, narrow);
        Redirect(value, narrow, float32, own);
        var producer = scope.Producer(value.Name);
        if (producer is not null && own != value.Name)
            scope.SetOutput(producer, producer.Output.IndexOf(value.Name), own);
        var type = value.IsNarrow ? DataType.Float : format.Type;
        var cast = Nodes.Create("Cast", [own], [made], attributes: ("to", (long)type));
        if (producer is not null)
            scope.InsertAfter(producer, cast);
        else
            scope.InsertBefore(scope.Nodes[0], cast);
        report.Changed(value.IsNarrow ? "Casts to float32" : $"Casts to {format.Name}");
    }

    // Connects the readers of a value with its form in the type that they need. Nodes that support any float type read the form that the producer computes,
    // without a Cast.
    private void Redirect(FloatValue value, string narrow, string float32, string own)
    {
        foreach (var use in value.Scope.Consumers(value.Name))
        {
            if (graph.Find(use.Node) is not { } node)
                continue;
            var name =
                node.Rule is null || node.Rule.Float32Inputs.Contains(use.Index) ? float32
                : node.Rule.TakesAny ? own
                : node.IsNarrow ? narrow
                : float32;
            if (name != value.Name)
                use.Graph.SetInput(use.Node, use.Index, name);
        }
    }

    private void WriteType(FloatNode node)
    {
        if (node.Outputs.Count == 0)
            return;
        if (node.Proto.Is("Cast") && graph.TypeOf(node.Scope, node.Proto.Input[0]) == format.Type && !node.Scope.IsOutputAnywhere(node.Proto.Output[0]))
        {
            node.Scope.ReplaceUses(node.Proto.Output[0], node.Proto.Input[0]);
            node.Scope.Remove(node.Proto);
        }
        else if (node.Proto.Is("Cast"))
        {
            node.Proto.SetAttribute("to", (long)format.Type);
        }
        else if (node.Proto.Is("ConstantOfShape"))
        {
            node.Proto.SetAttribute("value", _constants.Narrow(node.Proto.GetTensor("value") ?? Tensors.Create("", [1], new float[1]), ""));
        }
    }

    private void Describe(FloatValue value)
    {
        var proto = value.Scope.Proto;
        foreach (var info in proto.Input.Concat(proto.Output).Concat(proto.ValueInfo))
            if (info.Name == value.Name && info.Type?.TensorType is { } tensor)
                tensor.ElemType = (int)format.Type;
    }
}
