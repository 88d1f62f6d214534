using System.Text.Json.Nodes;

namespace ModelBuild.FakeProgram;

/// <summary>
/// Follows the protocol between the tasks and the program, and compresses nothing. What it does with a model stands in the model, as
/// text: <c>error</c>, <c>warning</c>, <c>crash</c>, <c>hang</c>, <c>external</c>, <c>forget</c>; anything else is copied.
/// Each start is a line in <c>starts.txt</c> beside the outputs.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        var requests = arguments
            .Skip(1)
            .Where(argument => argument.EndsWith(".json", StringComparison.Ordinal))
            .Select(path => JsonNode.Parse(File.ReadAllText(path))!.AsObject())
            .ToList();
        var folder = Text(requests[0], "folder");
        File.AppendAllLines(Path.Combine(folder, "starts.txt"), [$"{arguments[0]} {string.Join(' ', requests.Select(request => Text(request, "id")))}"]);
        // The sequence is made a list, so that a failure does not prevent the other models from being created.
        return requests.Select(request => Make(arguments[0], request)).ToList().Max();
    }

    private static int Make(string command, JsonObject request)
    {
        var model = Text(request, "model");
        var word = File.ReadAllText(model).Split(' ')[0];
        File.WriteAllLines(Place(request, "inputs.txt"), [model, Path.Combine(Path.GetDirectoryName(model)!, "weights.bin")]);
        if (command == "build-inspect")
        {
            if (word == "bad")
                return Say($"{model} : error MB1003: '{Text(request, "modelDisplay")}' is not a readable ONNX model: offset 0, not protobuf.", 1);
            WriteIfDifferent(Place(request, "signature.json"), Signature(request));
            return 0;
        }

        switch (word)
        {
            case "error":
                return Say($"{model} : error MB1009: Compression changed the outputs by 3.0 dB.", 1);
            case "warning":
                Say($"{model} : warning MB1011: Compression made the model larger; the original is kept.", 0);
                break;
            case "crash":
                throw new InvalidOperationException("The fake program was told to crash.");
            case "forget":
                return 0;
            case "hang":
                File.WriteAllText(Place(request, "onnx") + ".started", "");
                while (Console.In.Read() >= 0) { }

                File.Delete(Place(request, "onnx") + ".started");
                return 1;
            case "external":
                WriteIfDifferent(Place(request, "onnx") + ".data", "weights");
                break;
        }

        var output = Place(request, "onnx");
        var stages = (int)request["stages"]!;
        foreach (var path in stages < 2 ? [output] : Enumerable.Range(1, stages).Select(stage => Path.ChangeExtension(output, $"{stage}.onnx")))
            WriteIfDifferent(path, File.ReadAllText(model));
        WriteIfDifferent(Place(request, "receipt.json"), request.ToJsonString());
        return Say($"{Text(request, "id")}: compressed", 0);
    }

    private static string Signature(JsonObject request) =>
        $$"""
            {
              "schema": 1,
              "className": "{{Text(request, "id")}}", "options": {{request["options"]!.ToJsonString()}},
              "model": "{{Text(request, "modelDisplay")}}", "description": "", "deploy": "{{Text(request, "deploy")}}", "path": "{{Text(
                request,
                "deployPath"
            )}}",
              "hash": "0000000000000000000000000000000000000000000000000000000000000000", "providers": [ "cpu" ], "labels": [],
              "inputs": [ { "name": "x", "kind": "tensor", "type": "float32", "rank": 1, "shape": [ { "size": 1 } ] } ],
              "outputs": [ { "name": "y", "kind": "tensor", "type": "float32", "rank": 1, "shape": [ { "size": 1 } ] } ]
            }
            """;

    private static string Place(JsonObject request, string extension) => Path.Combine(Text(request, "folder"), $"{Text(request, "id")}.{extension}");

    private static string Text(JsonObject request, string name) => (string?)request[name] ?? "";

    private static int Say(string line, int exitCode)
    {
        Console.WriteLine(line);
        return exitCode;
    }

    private static void WriteIfDifferent(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
            File.WriteAllText(path, text);
    }
}
