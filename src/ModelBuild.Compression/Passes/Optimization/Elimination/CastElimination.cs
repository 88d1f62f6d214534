using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes <c>Cast</c> and <c>CastLike</c> to the type that the value already has.</summary>
internal sealed class CastElimination() : NoEffectPattern("casts to the same type removed", "Cast", "CastLike")
{
    protected override string? Same(Site site)
    {
        var type = site.Type(site.Node.Input[0]);
        var target = site.Node.OpType == "Cast" ? (TensorProto.Types.DataType)site.Node.GetInt("to") : site.Type(site.Node.InputAt(1));
        return type is not null && type == target ? site.Node.Input[0] : null;
    }
}
