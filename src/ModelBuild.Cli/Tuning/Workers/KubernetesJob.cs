using System.Globalization;
using System.Text.Json;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>An Indexed Job of Kubernetes, whose pods are workers of a study. They have the volume of the study at the path that it has here.</summary>
/// <param name="Name">The name of the job.</param>
/// <param name="Image">The image of the container, which has the program <c>modelbuild</c>.</param>
/// <param name="Claim">The claim of the volume with the study, the model and the data.</param>
/// <param name="Mount">The folder that the volume contains.</param>
/// <param name="Study">The path of the folder of the study.</param>
/// <param name="Workers">The number of workers.</param>
internal sealed record KubernetesJob(string Name, string Image, string Claim, string Mount, string Study, int Workers)
{
    // Pods that are evicted are not at fault.
    private const int Retries = 6;

    /// <summary>Returns the deepest folder that contains all files, which is what the volume has to contain.</summary>
    /// <exception cref="CompressionException">MB1005: the files have no folder in common.</exception>
    public static string CommonFolder(IEnumerable<string> paths)
    {
        var parts = paths.Select(path => Path.GetFullPath(path).Split(Path.DirectorySeparatorChar)).ToArray();
        var shared = parts.Aggregate((first, second) => [.. first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)]);
        return shared.Length > 1
            ? string.Join(Path.DirectorySeparatorChar, shared)
            : throw new CompressionException(
                Codes.UnknownOption,
                "--cluster kubernetes: the study, the model and the data must be in one folder, which the volume of --claim contains."
            );
    }

    /// <summary>Returns the manifest. A JSON string is a YAML string as well.</summary>
    public string ToYaml() =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"""
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: {Text(Name)}
                spec:
                  completionMode: Indexed
                  completions: {Workers}
                  parallelism: {Workers}
                  backoffLimitPerIndex: {Retries}
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: worker
                          image: {Text(Image)}
                          command: ["modelbuild", "tune", "--worker", {Text(Study)}]
                          volumeMounts:
                            - name: study
                              mountPath: {Text(Mount)}
                      volumes:
                        - name: study
                          persistentVolumeClaim:
                            claimName: {Text(Claim)}

                """
            )
            .ReplaceLineEndings("\n");

    private static string Text(string text) => JsonSerializer.Serialize(text);
}
