using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>Removes constants without elements from the inputs of a <c>Concat</c>.</summary>
internal sealed class EmptyConcatInputs() : Pattern<string[]>("empty inputs of concatenations removed", "Concat")
{
    protected override string[]? Match(Site site)
    {
        var axis = site.Node.GetInt("axis", 1);
        string[] rest = [.. site.Node.Input.Where(value => !(site.Constant(value) is { } constant && IsEmpty(constant, axis)))];
        return rest.Length > 0 && rest.Length < site.Node.Input.Count ? rest : null;
    }

    protected override void Rewrite(Site site, string[] match)
    {
        var shorter = site.Node.Clone();
        shorter.Input.Clear();
        shorter.Input.Add(match);
        site.Scope.Replace(site.Node, shorter);
    }

    // Returns whether an input of Concat is empty along the concatenated axis, so that the input adds no elements to the result. If another axis is empty, the
    // result is empty as well.
    private static bool IsEmpty(TensorProto constant, long axis) =>
        (axis < 0 ? axis + constant.Dims.Count : axis) is >= 0 and var at && at < constant.Dims.Count && constant.Dims[(int)at] == 0;
}
