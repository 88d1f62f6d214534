using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;
using ModelBuild.Generator.Signatures;
using ModelBuild.Generator.Types;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the contract of a generated class, which is the signature as an object of the runtime library.</summary>
internal static class ContractEmitter
{
    public const string Field = "_modelContract";

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        var signature = model.Signature;
        writer.Line($"private static readonly {RuntimeTypes.Contract} {Field} = new {RuntimeTypes.Contract}(");
        writer.Indent();
        writer.Line($"name: {Literal.Of(signature.FullName)},");
        writer.Line($"model: {Literal.Of(signature.Model)},");
        writer.Line($"hash: {Literal.Of(signature.Hash)},");
        writer.Line($"location: {Location(model)},");
        writer.Array("providers: ", "string", signature.Providers.Select(Literal.Of), ",");
        writer.Array("inputs: ", RuntimeTypes.Tensor, model.Inputs.Select(input => Tensor(input.Tensor, input.Type is not null, input.Value)), ",");
        writer.Array("outputs: ", RuntimeTypes.Tensor, model.Outputs.Select(output => Tensor(output.Tensor, output.Type is not null, output.Value)), ",");
        writer.Array(
            "variables: ",
            RuntimeTypes.Variable,
            model.Call.Dimensions.Select(Variable),
            signature.Stages.Count == 0 && model.Stream is null ? ");" : ","
        );
        if (signature.Stages.Count > 0)
            writer.Array("stages: ", "string", signature.Stages.Select(Literal.Of), model.Stream is null ? ");" : ",");
        if (model.Stream is { } stream)
            Stream(writer, stream);
        writer.Unindent();
        writer.Gap();
    }

    private static void Stream(CodeWriter writer, StreamPlan stream)
    {
        writer.Line($"stream: new {RuntimeTypes.StreamContract}(");
        writer.Indent();
        writer.Array(
            "states: ",
            RuntimeTypes.State,
            stream.States.Select(state => $"new {RuntimeTypes.State}({Literal.Of(state.Output)}, {Literal.Of(state.Input)})"),
            ","
        );
        writer.Array("variables: ", RuntimeTypes.Variable, stream.Call.Dimensions.Select(Variable), "));");
        writer.Unindent();
    }

    private static string Location(ModelClass model)
    {
        var path = Literal.Of(model.Signature.Path);
        return model.Signature.Deploy switch
        {
            "embed" => $"{RuntimeTypes.Location}.Resource(typeof({ClassEmitter.GlobalName(model)}).Assembly, {path})",
            "none" => $"{RuntimeTypes.Location}.None",
            _ => $"{RuntimeTypes.Location}.File(typeof({ClassEmitter.GlobalName(model)}).Assembly, {path})",
        };
    }

    private static string Tensor(TensorSignature tensor, bool isTyped, NestedType? value)
    {
        var head = $"{Literal.Of(tensor.Name)}, {Literal.Of(tensor.Type)}";
        if (value is not null)
        {
            var shape = tensor.ElementShape is { } inside ? $", new {RuntimeTypes.Dimension}[] {{ {string.Join(", ", inside.Select(Dimension))} }}" : "";
            return $"{RuntimeTypes.Tensor}.OfValue({Literal.Of(tensor.Name)}, {Literal.Of(tensor.Kind)}, {Literal.Of(tensor.Type)}, {value.Runtime}{shape})";
        }

        if (!isTyped)
            return $"{RuntimeTypes.Tensor}.Untyped({Literal.Of(tensor.Name)}, {Literal.Of(tensor.Kind)}, {Literal.Of(tensor.Type)})";
        if (tensor.Shape is not { } dimensions)
            return $"{RuntimeTypes.Tensor}.OfUnknownRank({head})";
        return $"{RuntimeTypes.Tensor}.Of({string.Join(", ", new[] { head }.Concat(dimensions.Select(Dimension)))})";
    }

    private static string Dimension(DimensionSignature dimension) =>
        dimension.Size is { } size ? Literal.Of(size)
        : dimension.Symbol is { } symbol ? Literal.Of(symbol)
        : $"{RuntimeTypes.Dimension}.Unknown";

    private static string Variable(DimensionMember dimension)
    {
        var (variable, at) = (dimension.Variable, $"{Literal.Of(dimension.Variable.Input)}, {Literal.Of(dimension.Variable.Axis)}");
        return variable.Source < 0 ? $"{RuntimeTypes.Variable}.FromCaller({at})" : $"{RuntimeTypes.Variable}.FromLength({at}, {Literal.Of(variable.Source)})";
    }
}
