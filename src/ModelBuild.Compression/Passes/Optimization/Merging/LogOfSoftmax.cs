using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>Replaces Log of Softmax by LogSoftmax, which is more exact for small probabilities.</summary>
internal sealed class LogOfSoftmax() : Pattern<NodeProto>("Log and Softmax merged", "Log")
{
    protected override NodeProto? Match(Site site) => site.SoleProducer(site.Node.Input[0], "Softmax");

    protected override void Rewrite(Site site, NodeProto match)
    {
        var merged = match.Clone();
        merged.OpType = "LogSoftmax";
        merged.Output[0] = site.Node.Output[0];
        site.Scope.Replace(site.Node, merged);
        site.Scope.Remove(match);
    }
}
