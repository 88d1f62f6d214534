using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>Tests a Resize between layers that compute in integers. ONNX Runtime refuses some of its forms there, and computes others wrongly.</summary>
[Trait("Speed", "Slow")]
public sealed class ResizeTests
{
    private static readonly string[] Modes = ["nearest", "linear", "cubic"];
    private static readonly string[] Coordinates = ["half_pixel", "asymmetric", "align_corners", "tf_crop_and_resize"];
    private static readonly string[] NamedAxes = ["2 3", "3 2", "-2 -1"];

    /// <summary>Returns the forms of two axes that ONNX Runtime computes in float.</summary>
    public static TheoryData<string, string, string, string, bool, bool> Forms()
    {
        var data = new TheoryData<string, string, string, string, bool, bool>();
        foreach (var mode in Modes)
        foreach (var coordinates in Coordinates)
        foreach (var policy in new[] { "scales", "stretch", "not_larger", "not_smaller" })
        foreach (var antialias in new[] { false, true })
        // If no axes are named, a ratio that is kept is that of all axes, and the batch and the channels would have other sizes.
        foreach (var axes in policy.StartsWith("not", StringComparison.Ordinal) ? NamedAxes : ["", .. NamedAxes])
        foreach (var isSmaller in new[] { false, true })
            if (!antialias || (mode != "nearest" && coordinates != "tf_crop_and_resize"))
                data.Add(mode, coordinates, policy, axes, antialias, isSmaller);
        return data;
    }

    public static TheoryData<string, string, string> Surroundings()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var form in new[] { "linear", "cubic", "policy", "crop", "crop of axes" })
        foreach (var neighbours in new[] { "Conv", "MaxPool", "Add", "Concat", "Relu", "Transpose", "Resize", "AveragePool" })
        foreach (var target in new[] { "cpu-x64", "cpu-arm64", "qnn" })
            data.Add(form, neighbours, target);
        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void What_is_made_loads_runs_and_answers_as_before(string mode, string coordinates, string policy, string axes, bool antialias, bool isSmaller)
    {
        var net = Begin();
        Resize(net, "b", "c", mode, coordinates, policy, axes, antialias, isSmaller);
        End(net, "c");
        foreach (var options in new[] { "everywhere=true", "everywhere=false" })
        {
            var run = new Int8Run(net, options);

            Assert.InRange(run.Sqnr(), 28, 80);
            var isFloat = mode == "cubic" || coordinates == "tf_crop_and_resize" || policy.StartsWith("not", StringComparison.Ordinal);
            if (options == "everywhere=true")
                Assert.Equal(isFloat, run.Node("Resize").Form == NodeForm.Float);
            if (isFloat)
                Assert.DoesNotMatch("no integer kernel|^$", run.Node("Resize").Why);
        }
    }

    [Theory]
    [MemberData(nameof(Surroundings))]
    public void Whatever_stands_around_it_the_model_answers_as_before(string form, string neighbours, string target)
    {
        var net = Begin().Weight("t", 32, 32, 1, 1).Node("Conv", "b t", "b2");
        switch (form)
        {
            case "policy":
                Resize(net, "b2", "c", "linear", "half_pixel", "not_larger", "2 3", antialias: false, isSmaller: false);
                break;
            case "crop":
                Resize(net, "b2", "c", "linear", "tf_crop_and_resize", "scales", "", antialias: false, isSmaller: false);
                break;
            case "crop of axes":
                Resize(net, "b2", "c", "linear", "tf_crop_and_resize", "scales", "2 3", antialias: false, isSmaller: false);
                break;
            default:
                Resize(net, "b2", "c", form, "half_pixel", "stretch", "", antialias: false, isSmaller: false);
                break;
        }

        Neighbours(net, neighbours);
        net.Weight("s", 32, 32, 1, 1).Node("Conv", "e s", "f");
        End(net, "f");

        var run = new Int8Run(net, target: target);

        Assert.InRange(run.Sqnr(), 26, 80);
        // If ONNX Runtime must not move the Resize, the nearest layers before and after it are in float. All other layers compute in integers.
        NodeOutcome[] layers = [.. run.Report.Nodes.Where(node => node.Operator == "Conv" && node.Form is NodeForm.Float or NodeForm.StoredInt8)];
        Assert.Equal(form is "linear" or "crop" ? 0 : 2, layers.Length);
        Assert.All(layers, layer => Assert.StartsWith("ONNX Runtime fails on the adjacent Resize", layer.Why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nearest", "Relu", true)]
    [InlineData("linear", "Relu", false)]
    [InlineData("nearest", "Clip", true)]
    [InlineData("linear", "Clip", false)]
    public void What_cuts_off_is_left_to_the_layer_before_it_only_where_nothing_is_blended_between(string mode, string clamp, bool isGone)
    {
        var net = Begin().Weight("t", 32, 32, 1, 1).Node("Conv", "b t", "b2").Constant("low", [], 0f).Constant("high", [], 0.3f);
        Resize(net, "b2", "c", mode, "half_pixel", "stretch", "", antialias: false, isSmaller: false);
        net.Node(clamp, clamp == "Relu" ? "c" : "c low high", "d");
        End(net, "d");

        var run = new Int8Run(net);

        Assert.InRange(run.Sqnr(), 28, 80);
        Assert.Equal(isGone, !run.Graph.Nodes.Any(node => node.OpType == clamp && node.Input[0].StartsWith('c')));
    }

    [Theory]
    [InlineData("nearest")]
    [InlineData("linear")]
    public void Inputs_without_elements_are_left_out(string mode)
    {
        var net = Begin().Constant<float>("none", [0]).Constant("sizes", [4], 1L, 32L, 24L, 32L).Node("Resize", "b none none sizes", "c", ("mode", mode));
        End(net, "c");

        var run = new Int8Run(net);

        Assert.NotEqual(NodeForm.Float, run.Node("Resize").Form);
        Assert.InRange(run.Sqnr(), 28, 80);
    }

    private static (string Name, object Value) Pads => ("pads", new long[] { 1, 1, 1, 1 });

    private static Net Begin() => new Net(18).Input("x", 1, 16, 16, 16).Weight("v", 32, 16, 3, 3).Node("Conv", "x v", "a", Pads).Node("Relu", "a", "b");

    private static void End(Net net, string value) => net.Weight("w", 32, 32, 3, 3).Node("Conv", $"{value} w", "y", Pads).Output("y");

    // The method adds nodes from c, the output of the Resize, to e.
    private static void Neighbours(Net net, string kind)
    {
        switch (kind)
        {
            case "Conv":
                net.Weight("u", 32, 32, 1, 1).Node("Conv", "c u", "e");
                break;
            case "MaxPool" or "AveragePool":
                net.Node(kind, "c", "e", ("kernel_shape", new long[] { 2, 2 }));
                break;
            case "Add":
                net.Node("Add", "c c", "e");
                break;
            case "Concat":
                net.Constant("starts", [4], 0L, 0L, 0L, 0L)
                    .Constant("ends", [4], 1L, 16L, 999L, 999L)
                    .Node("Slice", "c starts ends", "d")
                    .Node("Concat", "d d", "e", ("axis", 1L));
                break;
            case "Transpose":
                net.Node("Transpose", "c", "e", ("perm", new long[] { 0, 1, 3, 2 }));
                break;
            case "Resize":
                net.Constant("twice", [4], 1f, 1f, 2f, 2f).Node("Resize", "c _ twice", "e");
                break;
            default:
                net.Node(kind, "c", "e");
                break;
        }
    }

    private static void Resize(
        Net net,
        string input,
        string output,
        string mode,
        string coordinates,
        string policy,
        string axes,
        bool antialias,
        bool isSmaller
    )
    {
        long[] named = [.. axes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        List<(string, object)> attributes = [("mode", mode), ("coordinate_transformation_mode", coordinates)];
        if (policy != "scales")
            attributes.Add(("keep_aspect_ratio_policy", policy));
        if (antialias)
            attributes.Add(("antialias", 1L));
        if (named.Length > 0)
            attributes.Add(("axes", named));
        var rank = named.Length > 0 ? 2 : 4;
        var region = "_";
        if (coordinates == "tf_crop_and_resize")
        {
            region = "region";
            net.Constant(region, [2 * rank], [.. Enumerable.Repeat(0f, rank - 2), 0.1f, 0.2f, .. Enumerable.Repeat(1f, rank - 2), 0.8f, 0.9f]);
        }

        if (policy == "scales")
            net.Constant("scales", [rank], [.. Enumerable.Repeat(1f, rank - 2), isSmaller ? 0.5f : 2f, isSmaller ? 0.5f : 2f])
                .Node("Resize", $"{input} {region} scales", output, [.. attributes]);
        else
            net.Constant("sizes", [rank], [.. named.Length > 0 ? Array.Empty<long>() : [1, 32], isSmaller ? 8L : 24L, isSmaller ? 10L : 32L])
                .Node("Resize", $"{input} {region} _ sizes", output, [.. attributes]);
    }
}
