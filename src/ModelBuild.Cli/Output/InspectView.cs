using ModelBuild.Compression.Counting;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows the description of a model as tables.</summary>
internal static class InspectView
{
    private const int OperatorsShown = 12;
    private const int NodesShown = 10;

    public static void Show(ModelDescription model)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        Fact(facts, "model", model.Model);
        Fact(facts, "size", $"{Numbers.Format(model.Bytes)} bytes{(model.ExternalFiles.Count > 0 ? $", with {string.Join(", ", model.ExternalFiles)}" : "")}");
        Fact(
            facts,
            "format",
            $"IR {model.IrVersion}, {string.Join(", ", model.Opsets.Select(opset => $"{opset.Key} {opset.Value}"))}"
                + (model.Producer.Length > 0 ? $", from {model.Producer}" : "")
        );
        Fact(facts, "parameters", Numbers.Format(model.Parameters));
        Fact(
            facts,
            "multiply-adds",
            model.MultiplyAdds is { } multiplyAdds
                ? $"{Numbers.Format(multiplyAdds)} {CountedCall.Describe(model.InputShapes, model.Uncounted)}"
                : "not counted, because ONNX Runtime was not found"
        );
        Fact(
            facts,
            "operators",
            string.Join(", ", model.Operators.Take(OperatorsShown).Select(pair => pair.Value == 1 ? pair.Key : $"{pair.Value} {pair.Key}"))
                + (model.Operators.Count > OperatorsShown ? $" and {model.Operators.Count - OperatorsShown} more" : "")
                + $" ({model.Nodes} nodes)"
        );
        Screen.Write(facts);

        var values = new Table().Border(TableBorder.Rounded).AddColumns("", "name", "type", "shape");
        foreach (var input in model.Inputs)
            Row(values, "in", input);
        foreach (var output in model.Outputs)
            Row(values, "out", output);
        Screen.Write(values);

        var weights = new Table().Border(TableBorder.Rounded).AddColumn("constants").AddNumbers("elements", "bytes");
        foreach (var weight in model.Weights)
            weights.AddRow(weight.Type, Numbers.Format(weight.Elements), Numbers.Format(weight.Bytes));
        if (model.Weights.Count > 0)
            Screen.Write(weights);
        Largest(model);
    }

    private static void Largest(ModelDescription model)
    {
        var nodes = new Table().Border(TableBorder.Rounded).AddColumns("largest nodes", "operator").AddNumbers("parameters", "multiply-adds");
        foreach (var node in model.LargestNodes.Take(NodesShown))
            nodes.AddRow(
                new TextCell(node.Name),
                new TextCell(node.Operator),
                new TextCell(Numbers.Format(node.Parameters)),
                new TextCell(node.MultiplyAdds is { } multiplyAdds && model.MultiplyAdds is not null ? Numbers.Format(multiplyAdds) : "?")
            );
        if (model.LargestNodes.Count > 0)
            Screen.Write(nodes);
    }

    private static void Fact(Grid grid, string name, string value) => grid.AddRow(new TextCell(name, new Style(Color.Grey)), new TextCell(value));

    private static void Row(Table table, string direction, ValueDescription value) =>
        table.AddRow(
            new TextCell(direction),
            new TextCell(value.Name),
            new TextCell(value.Type),
            new TextCell(value.Shape is null ? "any" : $"[{string.Join(", ", value.Shape)}]")
        );
}
