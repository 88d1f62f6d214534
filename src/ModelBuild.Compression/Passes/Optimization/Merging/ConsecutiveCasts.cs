using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>
/// Merges two casts if the intermediate type holds every value of the first type. Casts to strings are skipped, because the text of a number depends on its
/// type.
/// </summary>
internal sealed class ConsecutiveCasts() : Pattern<string>("casts merged", "Cast")
{
    protected override string? Match(Site site) =>
        site.Node.GetInt("to") != (long)DataType.String
        && site.Producer(site.Node.Input[0], "Cast") is { } inner
        && site.Type(inner.Input[0]) is { } from
        && Holds((DataType)inner.GetInt("to"), from)
            ? inner.Input[0]
            : null;

    protected override void Rewrite(Site site, string match) => site.Scope.SetInput(site.Node, 0, match);

    private static bool Holds(DataType type, DataType values) =>
        type == values
        || values switch
        {
            DataType.Bool => type
                is DataType.Float
                    or DataType.Double
                    or DataType.Float16
                    or DataType.Int32
                    or DataType.Int64
                    or DataType.Uint8
                    or DataType.Int8,
            DataType.Uint8 or DataType.Int8 => type is DataType.Float or DataType.Double or DataType.Int32 or DataType.Int64 or DataType.Int16,
            DataType.Int16 or DataType.Uint16 => type is DataType.Float or DataType.Double or DataType.Int32 or DataType.Int64,
            DataType.Int32 => type is DataType.Double or DataType.Int64,
            DataType.Float16 or DataType.Bfloat16 => type is DataType.Float or DataType.Double,
            DataType.Float => type is DataType.Double,
            _ => false,
        };
}
