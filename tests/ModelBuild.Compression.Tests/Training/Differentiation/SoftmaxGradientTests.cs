namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of Softmax and LogSoftmax over each axis.</summary>
public sealed class SoftmaxGradientTests
{
    public static TheoryData<string, long[], long?> Cases()
    {
        var cases = new TheoryData<string, long[], long?>();
        foreach (var op in new[] { "Softmax", "LogSoftmax" })
        {
            foreach (var axis in new long?[] { null, 0, 1, 2, -1, -2, -3 })
                cases.Add(op, [2, 3, 4], axis);
            cases.Add(op, [5], 0);
            cases.Add(op, [3, 1], 1);
            cases.Add(op, [0, 4], -1);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_axis_has_its_gradient(string op, long[] shape, long? axis)
    {
        (string Name, object Value)[] attributes = axis is { } given ? [("axis", given)] : [];
        new GradientCheck(new Net().Input("x", shape).Node(op, "x", "y", attributes).Output("y")).Between("x", -3, 3).Holds();
    }
}
