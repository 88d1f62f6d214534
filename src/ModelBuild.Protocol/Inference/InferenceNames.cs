namespace ModelBuild.Protocol;

/// <summary>Lists the names of the Open Inference Protocol, version 2, and of Triton's extension for binary tensors.</summary>
internal static class InferenceNames
{
    public const string BinaryExtension = "binary_tensor_data";

    /// <summary>The HTTP header with the length of the JSON object in bytes when binary tensors follow it.</summary>
    public const string HeaderLength = "Inference-Header-Content-Length";

    public const string BinaryDataSize = "binary_data_size";
    public const string BinaryData = "binary_data";
    public const string BinaryDataOutput = "binary_data_output";
    public const string Data = "data";
    public const string DataType = "datatype";
    public const string Error = "error";
    public const string Extensions = "extensions";
    public const string Id = "id";
    public const string Inputs = "inputs";
    public const string ModelName = "model_name";
    public const string ModelVersion = "model_version";
    public const string Name = "name";
    public const string Outputs = "outputs";
    public const string Parameters = "parameters";
    public const string Shape = "shape";

    public const string JsonType = "application/json";
    public const string BinaryType = "application/octet-stream";
}
